import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { failedJobs, type Job, operationKeys, retryJob } from '../api/operation'
import { kindContext } from '../api/work'
import classes from './Operation.module.css'

/** What was given up, why, and the way to try it again. */
export function FailedJobs() {
  const { t } = useTranslation('operation')
  const query = useInfiniteQuery({ ...failedJobs, refetchInterval: 10_000 })
  const columns = useMemo<Column<Job>[]>(
    () => [
      {
        id: 'kind',
        header: t('column.kind'),
        card: 'title',
        width: '16rem',
        cell: (row) => t('kind', { context: kindContext(row.kind), defaultValue: row.kind }),
      },
      {
        id: 'said',
        header: t('column.said'),
        cell: (row) => <span className={classes.said}>{row.last_error}</span>,
      },
      {
        id: 'attempts',
        header: t('column.attempts'),
        width: '8rem',
        align: 'end',
        cell: (row) => formatNumber(row.attempts),
      },
      {
        id: 'when',
        header: t('column.when'),
        width: '11rem',
        cell: (row) => row.finished_at && <DateText value={row.finished_at} time />,
      },
      { id: 'retry', header: '', width: '10rem', cell: (row) => <Retry job={row} /> },
    ],
    [t],
  )
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <section aria-labelledby="operation-failed">
      <h2 id="operation-failed" className={classes.heading}>
        {t('failed.title')}
      </h2>
      <p className={classes.note}>{t('failed.text')}</p>
      <DataTable
        label={t('failed.title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.id}
        rowName={(row) => row.kind}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        empty={<p>{t('failed.none')}</p>}
      />
    </section>
  )
}

function Retry({ job }: { job: Job }) {
  const { t } = useTranslation('operation')
  const client = useQueryClient()
  const problemText = useProblem()
  const may = usePermission('job:write')
  const retry = useMutation({
    mutationFn: () => retryJob(job.id),
    onSuccess: () => tell(t('failed.retried')),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: operationKeys.all }),
  })
  if (!may) return null
  return (
    <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
      {t('failed.retry')}
    </Button>
  )
}
