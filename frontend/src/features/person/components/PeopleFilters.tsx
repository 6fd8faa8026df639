import { Button, NativeSelect } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Folded } from '@/components/Folded'
import { SearchField } from '@/components/SearchField'
import { departmentsQuery, type PeopleFilter, personFieldsQuery } from '../api/people'
import { readFilter } from '../api/search'
import classes from './Person.module.css'

const kinds = ['employee', 'officer', 'part_time', 'contract', 'dispatched'] as const

/** What the filter asks of an own field; '' when nothing. */
function askedOf(filter: PeopleFilter, field: string): string {
  return filter.field?.find((one) => one.startsWith(`${field}:`))?.slice(37) ?? ''
}

/** The filter with another value of an own field; '' takes it away. */
function withField(filter: PeopleFilter, field: string, value: string): PeopleFilter {
  const others = (filter.field ?? []).filter((one) => !one.startsWith(`${field}:`))
  return { ...filter, field: value ? [...others, `${field}:${value}`] : others }
}

interface PeopleFiltersProps {
  filter: PeopleFilter
  onChange: (filter: PeopleFilter) => void
}

/** Search and filters; the list follows while one types. */
export function PeopleFilters({ filter, onChange }: PeopleFiltersProps) {
  const { t } = useTranslation('person')
  const departments = useQuery(departmentsQuery).data ?? []
  const choices = (useQuery(personFieldsQuery).data ?? []).filter((field) => field.kind === 'choice')
  const set = (name: keyof PeopleFilter) => (event: { currentTarget: { value: string } }) =>
    onChange(readFilter({ ...filter, [name]: event.currentTarget.value }))
  return (
    <search className={classes.search}>
      <SearchField
        label={t('filter.search')}
        placeholder={t('filter.searchHint')}
        value={filter.q}
        onSearch={(q) => onChange(readFilter({ ...filter, q }))}
      />
      <Folded label={t('filter.more')}>
        <div className={classes.filters}>
          <NativeSelect
            label={t('filter.department')}
            value={filter.department ?? ''}
            onChange={set('department')}
            data={[
              { value: '', label: t('filter.all') },
              ...departments.map((one) => ({ value: one.id, label: one.name })),
            ]}
          />
          <NativeSelect
            label={t('filter.state')}
            value={filter.state ?? ''}
            onChange={set('state')}
            data={[
              { value: '', label: t('filter.present') },
              { value: 'active', label: t('state', { context: 'active' }) },
              { value: 'suspended', label: t('state', { context: 'suspended' }) },
              { value: 'left', label: t('state', { context: 'left' }) },
              { value: 'anonymised', label: t('state', { context: 'anonymised' }) },
              { value: 'all', label: t('filter.everybody') },
            ]}
          />
          <NativeSelect
            label={t('filter.account')}
            value={filter.account ?? ''}
            onChange={set('account')}
            data={[
              { value: '', label: t('filter.all') },
              { value: 'never_logged_in', label: t('filter.never') },
              { value: 'one_time', label: t('account', { context: 'one_time' }) },
              { value: 'expired', label: t('filter.expired') },
              { value: 'expiring', label: t('filter.expiring') },
              { value: 'void', label: t('account', { context: 'void' }) },
              { value: 'none', label: t('account', { context: 'none' }) },
            ]}
          />
          <NativeSelect
            label={t('field.employment_kind')}
            value={filter.kind ?? ''}
            onChange={set('kind')}
            data={[
              { value: '', label: t('filter.all') },
              ...kinds.map((kind) => ({ value: kind, label: t('kind', { context: kind }) })),
            ]}
          />
          {choices.map((field) => (
            <NativeSelect
              key={field.id}
              label={field.name}
              value={askedOf(filter, field.id)}
              onChange={(event) =>
                onChange(readFilter(withField(filter, field.id, event.currentTarget.value)))
              }
              data={[
                { value: '', label: t('filter.all') },
                ...(field.choices ?? []).map((choice) => ({ value: choice, label: choice })),
              ]}
            />
          ))}
        </div>
      </Folded>
    </search>
  )
}

/** What narrows the list right now; a press takes it away. */
export function FilterChips({ filter, onChange }: PeopleFiltersProps) {
  const { t } = useTranslation('person')
  const departments = useQuery(departmentsQuery).data ?? []
  const fields = useQuery(personFieldsQuery).data ?? []
  const words: Record<Exclude<keyof PeopleFilter, 'field'>, string> = {
    q: t('chip.q', { value: filter.q }),
    department: departments.find((one) => one.id === filter.department)?.name ?? t('filter.department'),
    state: filter.state === 'all' ? t('filter.everybody') : t('state', { context: filter.state }),
    account:
      filter.account === 'never_logged_in'
        ? t('filter.never')
        : filter.account === 'expired'
          ? t('filter.expired')
          : filter.account === 'expiring'
            ? t('filter.expiring')
            : t('account', { context: filter.account }),
    import: t('chip.import'),
    kind: t('kind', { context: filter.kind }),
  }
  const names = (['q', 'department', 'state', 'account', 'import', 'kind'] as const).filter(
    (name) => filter[name],
  )
  const chips = [
    ...names.map((name) => ({
      key: name as string,
      text: words[name],
      without: { ...filter, [name]: undefined },
    })),
    ...(filter.field ?? []).map((one) => ({
      key: one,
      text: `${fields.find((field) => one.startsWith(field.id))?.name ?? ''} ${one.slice(37)}`.trim(),
      without: withField(filter, one.slice(0, 36), ''),
    })),
  ]
  if (chips.length === 0) return null
  return (
    <div className={classes.chips}>
      {chips.map((chip) => (
        <Button
          key={chip.key}
          variant="light"
          size="compact-md"
          radius="xl"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={t('chip.remove', { what: chip.text })}
          onClick={() => onChange(readFilter(chip.without))}
        >
          {chip.text}
        </Button>
      ))}
      {chips.length > 1 && (
        <Button variant="subtle" size="compact-md" onClick={() => onChange({})}>
          {t('chip.clear')}
        </Button>
      )}
    </div>
  )
}
