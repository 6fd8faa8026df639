import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { Stat } from '@/components/Stat'
import { usePermission } from '@/lib/session'
import { roundQuery, roundRemindersQuery } from '../api/reminders'
import { ForecastList } from '../components/ForecastList'
import { Notices } from '../components/Notices'
import classes from '../components/Reminder.module.css'
import { RoundPlan } from '../components/RoundPlan'

const route = getRouteApi('/shell/rounds/$roundId/reminders')

/** The reminders of one round: what became of them, what is to come, whom mail does not reach. */
export function RoundRemindersPage() {
  const { t } = useTranslation('reminder')
  const { roundId } = route.useParams()
  const round = useQuery(roundQuery(roundId))
  const query = useQuery(roundRemindersQuery(roundId))
  const mayWrite = usePermission('reminder:write')
  const mayPrint = usePermission('person:export')
  const failed = round.error ?? query.error
  if (failed)
    return <ErrorState page error={failed} onRetry={() => Promise.all([round.refetch(), query.refetch()])} />
  if (!round.data || !query.data) return <PageSkeleton />
  const { mail, without_address, waiting, plan, own } = query.data
  const failures = mail.refused + mail.given_up
  const list = (state?: 'failed' | 'no_address') => (body: React.ReactNode, className: string) => (
    <Link to="/mail" search={{ round: roundId, ...(state && { state }) }} className={className}>
      {body}
    </Link>
  )
  const written = mail.sent + mail.queued + failures + mail.no_address + mail.kept + mail.dropped
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('round.title')}
        description={round.data.title}
        back={
          <Anchor component={Link} to={`/rounds/${roundId}`}>
            {round.data.title}
          </Anchor>
        }
      />
      <div className={classes.figures}>
        <Stat
          label={t('round.written')}
          value={written}
          unit={t('unit.mails', { count: written })}
          open={list()}
        />
        <Stat
          label={t('round.failed')}
          value={failures}
          unit={t('unit.mails', { count: failures })}
          tone={failures > 0 ? 'bad' : 'plain'}
          open={list('failed')}
        />
        <Stat
          label={t('round.without')}
          value={without_address}
          unit={t('unit.people', { count: without_address })}
          tone={without_address > 0 ? 'late' : 'plain'}
          note={t('round.waiting', { count: waiting })}
          open={(body, className) => (
            <Link
              to="/rounds/$roundId"
              params={{ roundId }}
              search={{ no_address: true }}
              className={className}
            >
              {body}
            </Link>
          )}
        />
      </div>
      {round.data.state === 'open' && (
        <section aria-labelledby="forecast-heading">
          <h2 id="forecast-heading" className={classes.heading}>
            {t('forecast.title')}
          </h2>
          <ForecastList round={roundId} />
        </section>
      )}
      {mayPrint && (
        <section aria-labelledby="notices-heading">
          <h2 id="notices-heading" className={classes.heading}>
            {t('notices.title')}
          </h2>
          <Notices round={roundId} without={without_address} />
        </section>
      )}
      <section aria-labelledby="plan-heading">
        <h2 id="plan-heading" className={classes.heading}>
          {t('round.days')}
        </h2>
        <RoundPlan key={JSON.stringify(plan)} round={roundId} plan={plan} own={own} mayWrite={mayWrite} />
      </section>
    </div>
  )
}
