import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '@/lib/format'
import { isNarrowed, type ReportSearch } from '@/lib/report-search'
import type { Choice } from '../api/report'
import classes from './ReportFilters.module.css'

interface ActiveFiltersProps {
  search: ReportSearch
  rounds: Choice[]
  departments: Choice[]
  onChange: (change: { [Key in keyof ReportSearch]: ReportSearch[Key] | undefined }) => void
}

type Listed = 'round' | 'status' | 'department' | 'kind'

/** What narrows the report now, each with a button that takes it off; it is printed too. */
export function ActiveFilters({ search, rounds, departments, onChange }: ActiveFiltersProps) {
  const { t } = useTranslation('report')
  if (!isNarrowed(search)) return null
  const nameIn = (choices: Choice[], id: string) =>
    choices.find((one) => one.id === id)?.name ?? t('filter.gone')
  const without = (key: Listed, value: string) => () =>
    onChange({ [key]: search[key]?.filter((one) => one !== value) })
  const days = (from: string | undefined, to: string | undefined) =>
    `${from ? formatDate(from) : ''} ${t('filter.to')} ${to ? formatDate(to) : ''}`
  const active = [
    ...(search.round ?? []).map((id) => ({
      key: id,
      text: nameIn(rounds, id),
      remove: without('round', id),
    })),
    ...(search.status ?? []).map((status) => ({
      key: status,
      text: t('status', { context: status }),
      remove: without('status', status),
    })),
    ...(search.department ?? []).map((id) => ({
      key: id,
      text: t('filter.withBelow', { name: nameIn(departments, id) }),
      remove: without('department', id),
    })),
    ...(search.kind ?? []).map((kind) => ({
      key: kind,
      text: t('kind', { context: kind }),
      remove: without('kind', kind),
    })),
    ...(search.due_from || search.due_to
      ? [
          {
            key: 'due',
            text: `${t('column', { context: 'due_on' })} ${days(search.due_from, search.due_to)}`,
            remove: () => onChange({ due_from: undefined, due_to: undefined }),
          },
        ]
      : []),
    ...(search.completed_from || search.completed_to
      ? [
          {
            key: 'completed',
            text: `${t('column', { context: 'completed_on' })} ${days(search.completed_from, search.completed_to)}`,
            remove: () => onChange({ completed_from: undefined, completed_to: undefined }),
          },
        ]
      : []),
    ...(search.q
      ? [{ key: 'q', text: t('filter.text', { q: search.q }), remove: () => onChange({ q: undefined }) }]
      : []),
  ]
  const none = {
    round: undefined,
    status: undefined,
    department: undefined,
    kind: undefined,
    due_from: undefined,
    due_to: undefined,
    completed_from: undefined,
    completed_to: undefined,
    q: undefined,
  }
  return (
    <ul className={classes.active} aria-label={t('filter.active')}>
      {active.map(({ key, text, remove }) => (
        <li key={key}>
          <Button
            size="compact-sm"
            variant="light"
            rightSection={<IconX size={14} aria-hidden />}
            aria-label={t('filter.remove', { text })}
            onClick={remove}
          >
            {text}
          </Button>
        </li>
      ))}
      {active.length > 1 && (
        <li className="no-print">
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(none)}>
            {t('filter.clear')}
          </Button>
        </li>
      )}
    </ul>
  )
}
