import { Button } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { usePermission, useSession } from '@/lib/session'
import { type Dashboard, dashboardQuery } from '../api/dashboard'
import { Concerns } from '../components/Concerns'
import { DayPlot } from '../components/DayPlot'
import { DepartmentBars } from '../components/DepartmentBars'
import { FirstSteps } from '../components/FirstSteps'
import { MailAlert } from '../components/MailAlert'
import { OwnTraining } from '../components/OwnTraining'
import { RoundRows } from '../components/RoundRows'
import classes from './DashboardPage.module.css'

/** The manager's first page: what is late, what is due, and what wants doing. */
export function DashboardPage() {
  const { t } = useTranslation('dashboard')
  const { organisation } = useSession()
  const mayWrite = usePermission('round:write')
  const query = useQuery(dashboardQuery)
  if (query.isPending) return <PageSkeleton />
  if (query.isError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
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
      <OwnTraining />
      {board.rounds.length === 0 ? <FirstSteps board={board} /> : <Board board={board} />}
    </>
  )
}

function Board({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  return (
    <div className={classes.board}>
      <MailAlert />
      <Concerns board={board} />
      <section className={classes.section} aria-labelledby="rounds-heading">
        <h2 id="rounds-heading">{t('rounds.title')}</h2>
        <RoundRows rounds={board.rounds} />
      </section>
      <div className={classes.pair}>
        <section className={classes.section} aria-labelledby="departments-heading">
          <h2 id="departments-heading">{t('departments.title')}</h2>
          <DepartmentBars board={board} />
        </section>
        <section className={classes.section} aria-labelledby="days-heading">
          <h2 id="days-heading">{t('days.title')}</h2>
          <DayPlot board={board} />
        </section>
      </div>
    </div>
  )
}
