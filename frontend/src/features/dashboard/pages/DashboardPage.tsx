import { Button } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FailedPlans } from '@/components/department/FailedPlans'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { formatDateTime } from '@/lib/format'
import { usePermission, useSession } from '@/lib/session'
import { type Dashboard, dashboardQuery } from '../api/dashboard'
import { Concerns } from '../components/Concerns'
import { DepartmentBars } from '../components/DepartmentBars'
import { FirstSteps } from '../components/FirstSteps'
import { Forecasts } from '../components/Forecasts'
import { HandoverNews } from '../components/HandoverNews'
import { ImportsWaiting } from '../components/ImportsWaiting'
import { MailAlert } from '../components/MailAlert'
import { OwnTraining } from '../components/OwnTraining'
import { RoundRows } from '../components/RoundRows'
import { Trends } from '../components/Trends'
import classes from './DashboardPage.module.css'

/** The manager's first page: what is late, what is due, and what wants doing. */
export function DashboardPage() {
  const { t } = useTranslation('dashboard')
  const { organisation } = useSession()
  const mayWrite = usePermission('round:write')
  const query = useQuery(dashboardQuery)
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
  const board = query.data
  return (
    <>
      <PageHeader
        title={t('title')}
        description={organisation.name}
        action={
          board.rounds.length > 0 &&
          mayWrite && (
            <Button
              component={Link}
              to="/rounds/new"
              leftSection={<IconCalendarPlus size={20} aria-hidden />}
              className="no-print"
            >
              {t('make')}
            </Button>
          )
        }
      />
      <HandoverNews />
      <FailedPlans />
      <ImportsWaiting />
      <OwnTraining />
      {board.rounds.length === 0 ? <FirstSteps board={board} /> : <Board board={board} />}
    </>
  )
}

function Board({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const departments = board.departments.filter(({ figures }) => figures.assigned > 0).length > 1
  return (
    <div className={classes.board}>
      <MailAlert />
      <Concerns board={board} />
      <section className={classes.section} aria-labelledby="rounds-heading">
        <h2 id="rounds-heading">{t('rounds.title')}</h2>
        <RoundRows rounds={board.rounds} />
      </section>
      <Trends board={board} className={classes.section} />
      <div className={classes.pair}>
        {departments && (
          <section className={classes.section} aria-labelledby="departments-heading">
            <h2 id="departments-heading">{t('departments.title')}</h2>
            <DepartmentBars board={board} />
          </section>
        )}
        <Forecasts board={board} className={classes.section} />
      </div>
      <p className={classes.asOf}>{t('asOf', { time: formatDateTime(board.as_of) })}</p>
    </div>
  )
}
