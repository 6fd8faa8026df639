import { Anchor, Button, Group } from '@mantine/core'
import {
  IconBellRinging,
  IconCopy,
  IconFileCertificate,
  IconMessageQuestion,
  IconPencil,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RoundDue } from '@/components/RoundDue'
import { PageSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { usePermission } from '@/lib/session'
import { surveysQuery } from '@/lib/surveys'
import { type Round, roundQuery } from '../api/rounds'
import { EditRound } from '../components/EditRound'
import { EnrolmentTable } from '../components/EnrolmentTable'
import { RoundFigures } from '../components/RoundFigures'
import { RoundRecurrence } from '../components/RoundRecurrence'
import { RoundRules } from '../components/RoundRules'
import classes from './RoundPage.module.css'

const route = getRouteApi('/shell/rounds/$roundId')

/** One round: how it stands, who is in it, what can be done. */
export function RoundPage() {
  const { roundId } = route.useParams()
  const query = useQuery(roundQuery(roundId))
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
  return <Body round={query.data} />
}

function Body({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const [editing, setEditing] = useState(false)
  const mayWrite = usePermission('round:write')
  return (
    <div className={classes.page}>
      <PageHeader
        title={round.title}
        back={
          <Anchor component={Link} to="/rounds">
            {t('list.title')}
          </Anchor>
        }
        description={<Facts round={round} />}
        action={
          <Group className="no-print">
            {mayWrite && (
              <Button
                variant="default"
                leftSection={<IconPencil size={18} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {t('edit.action')}
              </Button>
            )}
            {mayWrite && (
              <Button
                variant="default"
                leftSection={<IconCopy size={18} aria-hidden />}
                renderRoot={(props) => <Link to="/rounds/new" search={{ copy: round.id }} {...props} />}
              >
                {t('copy.action')}
              </Button>
            )}
            <SurveysLink round={round.id} />
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to="/rounds/$roundId/reminders" params={{ roundId: round.id }} {...props} />
              )}
              leftSection={<IconBellRinging size={18} aria-hidden />}
            >
              {t('reminders')}
            </Button>
            <Button
              renderRoot={(props) => (
                <Link to="/rounds/$roundId/record" params={{ roundId: round.id }} {...props} />
              )}
              leftSection={<IconFileCertificate size={20} aria-hidden />}
            >
              {t('record')}
            </Button>
          </Group>
        }
      />
      <RoundFigures round={round} />
      <section aria-labelledby="people-heading">
        <h2 id="people-heading" className={classes.heading}>
          {t('people_heading')}
        </h2>
        <EnrolmentTable round={round} mayWrite={mayWrite} />
      </section>
      <RoundRules round={round} mayWrite={mayWrite} />
      <RoundRecurrence round={round} mayWrite={mayWrite} />
      {editing && <EditRound round={round} onClose={() => setEditing(false)} />}
    </div>
  )
}

/** The way to what was answered, where the course has a survey. */
function SurveysLink({ round }: { round: string }) {
  const { t } = useTranslation('round')
  const may = usePermission('report:read')
  const surveys = useQuery({ ...surveysQuery(round), enabled: may })
  if (!surveys.data?.length) return null
  return (
    <Button
      variant="default"
      leftSection={<IconMessageQuestion size={18} aria-hidden />}
      renderRoot={(props) => <Link to="/rounds/$roundId/surveys" params={{ roundId: round }} {...props} />}
    >
      {t('surveys')}
    </Button>
  )
}

function Facts({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  return (
    <span className={classes.facts}>
      <StatusBadge tone={round.state === 'open' ? 'active' : 'out'}>
        {t('state', { context: round.state })}
      </StatusBadge>
      <span>{round.course_title}</span>
      <span>
        <DateText value={round.starts_on} /> {t('to')} <DateText value={round.deadline_on} />
      </span>
      <span>
        <RoundDue round={round} />
      </span>
    </span>
  )
}
