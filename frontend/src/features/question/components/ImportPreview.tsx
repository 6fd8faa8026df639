import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { bankKeys } from '@/components/question/bank'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { useProblem, useSentence } from '@/lib/problem-text'
import {
  applyImport,
  type ImportRow,
  importQuery,
  type Outcome,
  type QuestionImport,
  rowPages,
} from '../api/imports'
import classes from './Question.module.css'

const outcomes: Outcome[] = ['added', 'changed', 'wrong', 'unchanged']

interface ImportPreviewProps {
  found: QuestionImport
  /** Another file, please. */
  onOther: () => void
}

/** What a file would do, question by question, and the button that does it. */
export function ImportPreview({ found, onOther }: ImportPreviewProps) {
  const { t } = useTranslation('question')
  const navigate = useNavigate()
  const client = useQueryClient()
  const problem = useProblem()
  const [outcome, setOutcome] = useState<Outcome>(
    found.wrong > 0 ? 'wrong' : found.added > 0 ? 'added' : found.changed > 0 ? 'changed' : 'unchanged',
  )
  const columns = useRowColumns()
  const rows = useInfiniteQuery({ ...rowPages(found.id, outcome), placeholderData: (before) => before })
  const right = found.added + found.changed
  const apply = useMutation({
    mutationFn: () => applyImport(found.id),
    onSettled: () => client.invalidateQueries({ queryKey: importQuery(found.id).queryKey, exact: true }),
  })
  const applied = found.state === 'applied'
  useEffect(() => {
    if (applied) void client.invalidateQueries({ queryKey: bankKeys.all })
  }, [applied, client])
  return (
    <Stack>
      <p role="status" className={classes.result}>
        {applied
          ? t('import.applied', { count: right })
          : found.state === 'applying'
            ? t('import.applying', { count: right })
            : t('import.found', { file: found.file_name, right, wrong: found.wrong })}
      </p>
      <Group>
        {applied ? (
          <Button onClick={() => void navigate({ to: '/questions' })}>{t('import.toBank')}</Button>
        ) : (
          <Button
            disabled={right === 0}
            loading={apply.isPending || found.state === 'applying'}
            onClick={() => apply.mutate()}
          >
            {t(found.wrong > 0 ? 'import.applyRight' : 'import.apply', { count: right })}
          </Button>
        )}
        <Button variant="default" disabled={found.state === 'applying'} onClick={onOther}>
          {t('import.other')}
        </Button>
      </Group>
      {apply.isError && (
        <p role="alert" className={classes.alert}>
          {problem(apply.error).sentence}
        </p>
      )}
      <SegmentedControl
        aria-label={t('import.which')}
        className={classes.which}
        value={outcome}
        data={outcomes.map((one) => ({
          value: one,
          label: t('import.outcome', { context: one, number: found[one] }),
        }))}
        onChange={(one) => setOutcome(one as Outcome)}
      />
      <DataTable<ImportRow>
        label={t('import.rows')}
        columns={columns}
        rows={itemsOf(rows.data)}
        rowId={(row) => String(row.row)}
        rowName={(row) => row.text}
        total={found[outcome]}
        pending={rows.isPending}
        hasMore={rows.hasNextPage}
        loadingMore={rows.isFetchingNextPage}
        onMore={rows.fetchNextPage}
        empty={<EmptyState title={t('import.none')} />}
      />
    </Stack>
  )
}

function useRowColumns(): Column<ImportRow>[] {
  const { t } = useTranslation('question')
  const sentence = useSentence()
  return [
    { id: 'row', header: t('import.row'), width: '6rem', align: 'end', cell: (row) => row.row },
    {
      id: 'text',
      header: t('field.text'),
      card: 'title',
      cell: (row) => <span className={classes.text}>{row.text || t('import.noText')}</span>,
    },
    { id: 'category', header: t('field.category'), width: '12rem', cell: (row) => row.category },
    {
      id: 'said',
      header: t('import.said'),
      cell: (row) => (
        <ul className={classes.said}>
          {row.faults.map((fault) => (
            <li key={`${fault.path} ${fault.key}`} className={classes.fault}>
              {sentence(fault.key, fault.args)}
            </li>
          ))}
          {row.notes.map((note) => (
            <li key={note.key}>{sentence(note.key, note.args)}</li>
          ))}
        </ul>
      ),
    },
  ]
}
