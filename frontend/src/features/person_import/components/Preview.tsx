import { Alert, Button, Tabs } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { applyImport, type Import, importKeys, type Outcome, rowPages, saveWrongRows } from '../api/imports'
import classes from './Import.module.css'
import { useRowColumns } from './useRowColumns'

const outcomes: Outcome[] = ['wrong', 'added', 'changed', 'unchanged']

/** The second step: what the file would do, row by row. Nothing has changed yet. */
export function Preview({ checked }: { checked: Import }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const present = outcomes.filter((one) => checked[one] > 0)
  const [wanted, setWanted] = useState<Outcome>()
  const tab = wanted && present.includes(wanted) ? wanted : (present[0] ?? 'added')
  const apply = useMutation({
    mutationFn: () => applyImport(checked.id),
    onSuccess: (applied) => client.setQueryData(importKeys.one(checked.id), applied),
    onError: () => client.invalidateQueries({ queryKey: importKeys.one(checked.id) }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['people'] }),
        client.invalidateQueries({ queryKey: ['departments'] }),
      ]),
  })
  const wrong = useMutation({
    mutationFn: () => saveWrongRows(checked.id),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const count = checked.added + checked.changed
  return (
    <>
      <div className={classes.notes}>
        {apply.isError && (
          <Alert color="yellow" role="alert">
            {problemText(apply.error).sentence}
          </Alert>
        )}
        {checked.wrong > 0 && (
          <Alert color="red" title={t('preview.wrong', { count: checked.wrong })}>
            <p>{t('preview.wrongText')}</p>
          </Alert>
        )}
        {checked.wrong === 0 && count === 0 && <Alert color="green">{t('preview.nothing')}</Alert>}
        {(checked.new_departments ?? []).length > 0 && (
          <p>
            {t('preview.departments', {
              names: (checked.new_departments ?? []).slice(0, 20).join(t('preview.separator')),
              count: (checked.new_departments ?? []).length,
            })}
          </p>
        )}
        {(checked.ignored ?? []).length > 0 && (
          <p>{t('preview.ignored', { names: (checked.ignored ?? []).join(t('preview.separator')) })}</p>
        )}
        <div className={classes.buttons}>
          {checked.wrong === 0 && count > 0 && (
            <Button size="md" loading={apply.isPending} onClick={() => apply.mutate()}>
              {t('preview.apply', { count, formatted: formatNumber(count) })}
            </Button>
          )}
          {checked.wrong > 0 && (
            <Button
              leftSection={<IconDownload size={18} aria-hidden />}
              loading={wrong.isPending}
              onClick={() => wrong.mutate()}
            >
              {t('preview.saveWrong')}
            </Button>
          )}
          <Button variant="default" component={Link} to="/people/import">
            {t('preview.other')}
          </Button>
        </div>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => setWanted(outcomes.find((one) => one === value))}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label={t('preview.tabs')}>
          {present.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t('outcome', { context: one, formatted: formatNumber(checked[one]) })}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {present.map((one) => (
          <Tabs.Panel key={one} value={one}>
            <Rows id={checked.id} outcome={one} total={checked[one]} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function Rows({ id, outcome, total }: { id: string; outcome: Outcome; total: number }) {
  const { t } = useTranslation('person_import')
  const columns = useRowColumns(outcome)
  const query = useInfiniteQuery(rowPages(id, outcome))
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <DataTable
      label={t('preview.rows')}
      columns={columns}
      rows={itemsOf(query.data)}
      rowId={(row) => String(row.row)}
      rowName={(row) => row.name}
      total={total}
      pending={query.isPending}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onMore={query.fetchNextPage}
      empty={<EmptyState title={t('preview.none')} />}
    />
  )
}
