import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/components/table/types'
import { formatDate } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import { fieldsQuery, type ImportRow, type Outcome } from '../api/imports'
import classes from './Import.module.css'

/** The columns of the preview: which row, who, and what happens or what is wrong. */
export function useRowColumns(outcome: Outcome): Column<ImportRow>[] {
  const { t } = useTranslation('person_import')
  const columns: Column<ImportRow>[] = [
    { id: 'row', header: t('row.number'), width: '5rem', align: 'end', cell: (row) => row.row },
    {
      id: 'name',
      header: t('field_name'),
      width: '13rem',
      card: 'title',
      cell: (row) => row.name || t('row.noName'),
    },
    {
      id: 'employee_number',
      header: t('field_employee_number'),
      width: '8rem',
      cell: (row) => row.employee_number,
    },
    {
      id: 'login_id',
      header: t('field_login_id'),
      width: '10rem',
      cell: (row) => row.login_id || (row.outcome === 'added' ? t('row.made') : ''),
    },
  ]
  if (outcome === 'wrong')
    return [...columns, { id: 'faults', header: t('row.faults'), cell: (row) => <Faults row={row} /> }]
  if (outcome === 'unchanged') return columns
  return [...columns, { id: 'changes', header: t('row.changes'), cell: (row) => <Changes row={row} /> }]
}

/** What a column is called: one of ours, or an own field of the organisation (`field:` and its id). */
function useFieldName(): (target: string) => string {
  const { t } = useTranslation('person_import')
  const fields = useQuery(fieldsQuery).data?.items ?? []
  return (target) =>
    fields.find(({ id }) => target === `field:${id}`)?.name ?? t('field', { context: target })
}

function Faults({ row }: { row: ImportRow }) {
  const nameOf = useFieldName()
  const sentence = useSentence()
  return (
    <ul className={classes.changes}>
      {(row.faults ?? []).map((one) => (
        <li key={`${one.path} ${one.key}`} className={classes.fault}>
          <b>{nameOf(one.path)}</b>: {sentence(one.key, one.args)}
        </li>
      ))}
    </ul>
  )
}

function Changes({ row }: { row: ImportRow }) {
  const { t } = useTranslation('person_import')
  const nameOf = useFieldName()
  const shown = (row.changes ?? []).filter(
    (one) => row.outcome === 'changed' || !['name', 'login_id', 'employee_number'].includes(one.field),
  )
  const words = (field: string, value: string) => {
    if (value === '') return ''
    if (field === 'employment_kind') return t('kind', { context: value })
    return field === 'joined_on' ? formatDate(value) : value
  }
  return (
    <ul className={classes.changes}>
      {shown.map((one) => (
        <li key={one.field}>
          <b>{nameOf(one.field)}</b>:{' '}
          {row.outcome === 'changed' && (
            <>
              <del>{words(one.field, one.before) || t('row.empty')}</del> →{' '}
            </>
          )}
          {words(one.field, one.after)}
        </li>
      ))}
    </ul>
  )
}
