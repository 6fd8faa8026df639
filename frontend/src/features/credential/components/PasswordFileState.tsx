import { Alert, Button, Progress } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import sheets from '@/components/Sheets.module.css'
import { PageSkeleton } from '@/components/Skeletons'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { useProblem, useSentence } from '@/lib/problem-text'
import {
  applyPasswordFile,
  cancelPasswordFile,
  type PasswordProblem,
  passwordFile,
  passwordFileKeys,
  problemPages,
} from '../api/password-files'

/** One file: what is wrong with it, how far it is, how it ended. */
export function PasswordFileState({ id }: { id: string }) {
  const { t } = useTranslation('credential')
  const client = useQueryClient()
  const problemText = useProblem()
  const query = useQuery(passwordFile(id))
  const refresh = () => client.invalidateQueries({ queryKey: passwordFileKeys.list })
  const apply = useMutation({ mutationFn: () => applyPasswordFile(id), onSettled: refresh })
  const cancel = useMutation({ mutationFn: () => cancelPasswordFile(id), onSettled: refresh })
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const file = query.data
  const problem = apply.error ?? cancel.error
  const good = file.state === 'checked' && file.wrong === 0
  return (
    <div className={file.wrong > 0 ? undefined : sheets.steps}>
      <section className={sheets.section}>
        <h2>{file.file_name}</h2>
        <div role="status" aria-live="polite">
          <p>
            {file.wrong > 0
              ? t('passwords.wrong', { count: file.wrong, total: formatNumber(file.total) })
              : t('passwords.now', {
                  context: file.state,
                  total: formatNumber(file.total),
                  done: formatNumber(file.done),
                })}
          </p>
          {file.state === 'queued' && (
            <Progress value={(100 * file.done) / file.total} aria-label={t('passwords.progress')} mt="sm" />
          )}
        </div>
        {file.skipped > 0 && <Alert color="yellow">{t('passwords.skipped', { count: file.skipped })}</Alert>}
        {problem && (
          <Alert color="red" role="alert">
            {problemText(problem).sentence}
          </Alert>
        )}
        <div className={sheets.buttons}>
          {good && (
            <Button loading={apply.isPending} onClick={() => apply.mutate()}>
              {t('passwords.apply', { count: file.total, figure: formatNumber(file.total) })}
            </Button>
          )}
          {(good || file.state === 'queued') && (
            <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('passwords.cancel')}
            </Button>
          )}
          <Button variant="default" component={Link} to="/people/passwords">
            {t('passwords.other')}
          </Button>
        </div>
      </section>
      {file.wrong > 0 && <Problems id={id} total={file.wrong} />}
    </div>
  )
}

function Problems({ id, total }: { id: string; total: number }) {
  const { t } = useTranslation('credential')
  const sentence = useSentence()
  const query = useInfiniteQuery(problemPages(id))
  const columns: Column<PasswordProblem>[] = [
    { id: 'row', header: t('passwords.row'), card: 'title', width: '6rem', cell: (row) => String(row.row) },
    { id: 'login', header: t('column.login'), width: '12rem', cell: (row) => row.login_id },
    {
      id: 'why',
      header: t('passwords.why'),
      cell: (row) =>
        (row.faults ?? [])
          .map(
            (one) =>
              `${t('passwords.column', { context: one.path === 'login_id' ? 'login' : 'password' })}${sentence(one.key, one.args)}`,
          )
          .join(' '),
    },
  ]
  return (
    <DataTable
      label={t('passwords.problems')}
      columns={columns}
      rows={itemsOf(query.data)}
      rowId={(row) => String(row.row)}
      rowName={(row) => String(row.row)}
      total={total}
      pending={query.isPending}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onMore={query.fetchNextPage}
      empty={<EmptyState title={t('passwords.problems')} />}
    />
  )
}
