import { Alert, Button, Modal, Tabs } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmByTyping } from '@/components/ConfirmByTyping'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import sheets from '@/components/Sheets.module.css'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { applyImport, type Import, importKeys, type Outcome, rowPages, saveWrongRows } from '../api/imports'
import classes from './Import.module.css'
import { MapColumns } from './MapColumns'
import { MissingPeople } from './MissingPeople'
import { SimilarDepartments } from './SimilarDepartments'
import { useRowColumns } from './useRowColumns'

const outcomes: Outcome[] = ['wrong', 'added', 'changed', 'missing', 'unchanged']

/** The third step: what the file would do, row by row. Nothing has changed yet. */
export function Preview({ checked }: { checked: Import }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const [confirming, setConfirming] = useState(false)
  const [mapping, setMapping] = useState(false)
  const going = checked.then === 'keep' ? 0 : checked.missing
  const apply = useMutation({
    mutationFn: () => applyImport(checked.id, going),
    onSuccess: (applied) => client.setQueryData(importKeys.one(checked.id), applied),
    onError: () => client.invalidateQueries({ queryKey: importKeys.one(checked.id) }),
    onSettled: () => setConfirming(false),
  })
  const wrong = useMutation({
    mutationFn: () => saveWrongRows(checked.id),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const count = checked.added + checked.changed + going
  const asked = checked.similar.some(({ choice }) => choice === '')
  // What is still asked about is not yet a new department.
  const open = checked.similar.filter(({ choice }) => choice === '').map(({ text }) => text)
  const made = (checked.new_departments ?? []).filter((path) => !open.some((text) => path.endsWith(text)))
  const many = going > 20 || going * 10 > checked.population
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
        {checked.wrong === 0 && count === 0 && !asked && <Alert color="green">{t('preview.nothing')}</Alert>}
        {asked && (
          <Alert color="yellow">
            {t('similar.asked', { context: checked.wrong > 0 ? 'wrong' : 'ready' })}
          </Alert>
        )}
        <p>
          {checked.form?.remembered ? t('map.remembered') : t('map.found')}{' '}
          {checked.form && (
            <Button variant="subtle" size="compact-sm" px={0} onClick={() => setMapping(true)}>
              {t('map.edit')}
            </Button>
          )}
        </p>
        {made.length > 0 && (
          <p>
            {t('preview.departments', {
              names: made.slice(0, 20).join(t('preview.separator')),
              count: made.length,
            })}
          </p>
        )}
        {checked.kana > 0 && (
          <p>{t('preview.kana', { count: checked.kana, formatted: formatNumber(checked.kana) })}</p>
        )}
        {(checked.ignored ?? []).length > 0 && (
          <p>{t('preview.ignored', { names: (checked.ignored ?? []).join(t('preview.separator')) })}</p>
        )}
        <SimilarDepartments one={checked} />
        <MissingPeople key={`${checked.then} ${checked.missing}`} one={checked} />
        <div className={sheets.buttons}>
          {checked.wrong === 0 && !asked && count > 0 && (
            <Button
              size="md"
              loading={apply.isPending}
              onClick={() => (many ? setConfirming(true) : apply.mutate())}
            >
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
      <Rows checked={checked} going={going > 0} />
      <ConfirmByTyping
        opened={confirming}
        onClose={() => setConfirming(false)}
        action={t('missing.confirm')}
        word={String(going)}
        pending={apply.isPending}
        onConfirm={() => apply.mutate()}
      >
        {t('missing.confirmText', {
          formatted: formatNumber(going),
          what: t('then', { context: checked.then }),
          all: formatNumber(checked.population),
        })}
      </ConfirmByTyping>
      {mapping && checked.form && (
        <Modal
          opened
          size="lg"
          onClose={() => setMapping(false)}
          title={t('map.title')}
          closeButtonProps={{ 'aria-label': t('common:action.close') }}
        >
          <MapColumns one={checked} form={checked.form} onDone={() => setMapping(false)} />
        </Modal>
      )}
    </>
  )
}

function Rows({ checked, going }: { checked: Import; going: boolean }) {
  const { t } = useTranslation('person_import')
  const [wanted, setWanted] = useState<Outcome>()
  const present = outcomes.filter((one) => checked[one] > 0 && (one !== 'missing' || going))
  const tab = wanted && present.includes(wanted) ? wanted : (present[0] ?? 'added')
  return (
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
          <RowTable checked={checked} outcome={one} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function RowTable({ checked, outcome }: { checked: Import; outcome: Outcome }) {
  const { t } = useTranslation('person_import')
  const columns = useRowColumns(outcome)
  const query = useInfiniteQuery(rowPages(checked.id, outcome, checked.rows_until ?? ''))
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <DataTable
      label={t('preview.rows')}
      columns={columns}
      rows={itemsOf(query.data)}
      rowId={(row) => String(row.row)}
      rowName={(row) => row.name}
      total={checked[outcome]}
      pending={query.isPending}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onMore={query.fetchNextPage}
      empty={<EmptyState title={t('preview.none')} />}
    />
  )
}
