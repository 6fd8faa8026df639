import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import type { ConcernKind } from '@/lib/concern-kinds'
import { useSentence } from '@/lib/problem-text'
import type { Concern } from '../api/concerns'

/** The columns of the accounts of one kind: who, and the facts that make them one. */
export function useConcernColumns(kind: ConcernKind): Column<Concern>[] {
  const { t } = useTranslation('credential')
  const sentence = useSentence()
  const date = (value: string | undefined) => (value ? <DateText value={value} /> : t('column.never'))
  const columns: Column<Concern>[] = [
    {
      id: 'name',
      header: t('column.name'),
      card: 'title',
      width: '12rem',
      cell: (row) => row.person.name,
    },
    { id: 'login', header: t('column.login'), width: '11rem', cell: (row) => row.person.login_id },
    {
      id: 'departments',
      header: t('column.departments'),
      width: '11rem',
      cell: (row) => (row.person.departments ?? []).map((one) => one.name).join(t('column.separator')),
    },
  ]
  if (kind === 'weak_id') {
    columns.push({
      id: 'why',
      header: t('column.why'),
      cell: (row) => (row.reasons ?? []).map((key) => sentence(key)).join(' '),
    })
  } else if (kind === 'expired' || kind === 'expiring') {
    columns.push({
      id: 'expires',
      header: t('column.expires'),
      width: '9rem',
      cell: (row) => date(row.expires_at),
    })
  } else {
    columns.push({
      id: 'issued',
      header: t('column.issued'),
      width: '9rem',
      cell: (row) => date(row.issued_at),
    })
  }
  columns.push({
    id: 'last',
    header: t('column.last'),
    width: '9rem',
    cell: (row) => date(row.last_login_at),
  })
  return columns
}
