import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { departmentsQuery, type PeopleFilter } from '../api/people'
import { readFilter } from '../api/search'
import classes from './Person.module.css'

interface PeopleFiltersProps {
  filter: PeopleFilter
  onChange: (filter: PeopleFilter) => void
}

/** Search and filters; the list follows while one types. */
export function PeopleFilters({ filter, onChange }: PeopleFiltersProps) {
  const { t } = useTranslation('person')
  const departments = useQuery(departmentsQuery).data ?? []
  const [typed, setTyped] = useState(filter.q ?? '')
  useEffect(() => setTyped(filter.q ?? ''), [filter.q])
  const search = useDebouncedCallback((q: string) => onChange(readFilter({ ...filter, q })), 200)
  const set = (name: keyof PeopleFilter) => (event: { currentTarget: { value: string } }) =>
    onChange(readFilter({ ...filter, [name]: event.currentTarget.value }))
  return (
    <search className={classes.filters}>
      <TextInput
        type="search"
        label={t('filter.search')}
        placeholder={t('filter.searchHint')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          search(event.currentTarget.value)
        }}
      />
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
    </search>
  )
}

/** What narrows the list right now; a press takes it away. */
export function FilterChips({ filter, onChange }: PeopleFiltersProps) {
  const { t } = useTranslation('person')
  const departments = useQuery(departmentsQuery).data ?? []
  const words: Record<keyof PeopleFilter, string> = {
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
  }
  const names = (['q', 'department', 'state', 'account', 'import'] as const).filter((name) => filter[name])
  if (names.length === 0) return null
  return (
    <div className={classes.chips}>
      {names.map((name) => (
        <Button
          key={name}
          variant="light"
          size="compact-md"
          radius="xl"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={t('chip.remove', { what: words[name] })}
          onClick={() => onChange(readFilter({ ...filter, [name]: undefined }))}
        >
          {words[name]}
        </Button>
      ))}
      {names.length > 1 && (
        <Button variant="subtle" size="compact-md" onClick={() => onChange({})}>
          {t('chip.clear')}
        </Button>
      )}
    </div>
  )
}
