import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatDateTime, formatNumber } from '@/lib/format'
import { type Operation, operationQuery } from '../api/operation'
import { disksOf, isLow } from '../api/storage'
import { FailedJobs } from '../components/FailedJobs'
import classes from '../components/Operation.module.css'
import { Parts } from '../components/Parts'
import { StorageUse } from '../components/StorageUse'
import { WorkTable } from '../components/WorkTable'

/** How the installation stands, for those who run it. */
export function OperationPage() {
  const { t } = useTranslation('operation')
  const query = useQuery(operationQuery)
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const state = query.data
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      {!state ? (
        <RowsSkeleton rows={4} />
      ) : (
        <>
          <Verdict state={state} />
          <Parts state={state} />
          <WorkTable jobs={state.jobs} />
          <FailedJobs />
          <StorageUse state={state} />
          <p className={classes.replica}>
            {t('replica', {
              version: state.version,
              engine: state.engine,
              schema: state.schema,
              began: formatDateTime(state.began),
            })}
          </p>
        </>
      )}
    </>
  )
}

/** The one sentence that matters. */
function Verdict({ state }: { state: Operation }) {
  const { t } = useTranslation('operation')
  const given = state.jobs.reduce((sum, one) => sum + (one.state === 'failed' ? one.jobs : 0), 0)
  const found = state.parts.some((part) => part.away)
    ? { color: 'red', title: t('someAway') }
    : state.parts.some((part) => part.full)
      ? { color: 'red', title: t('someFull') }
      : disksOf(state.parts).some(isLow)
        ? { color: 'yellow', title: t('someLow') }
        : given > 0
          ? { color: 'yellow', title: t('given', { jobs: formatNumber(given) }) }
          : undefined
  const Icon = found ? IconAlertTriangle : IconCircleCheck
  return (
    <Alert icon={<Icon aria-hidden />} color={found?.color ?? 'green'} title={found?.title ?? t('allUp')} />
  )
}
