import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { itemsOf } from '@/lib/api/pages'
import { type Affected, type Group, type Probe, probePeopleQuery } from '../api/assignment'
import classes from './AudiencePreview.module.css'

/** The groups that have somebody in them. */
function groupsOf(affected: Affected): Group[] {
  const sizes: [Group, number][] = [
    ['coming', affected.joining + affected.returning],
    ['reached', affected.inside + affected.aside > 0 ? affected.total : 0],
    ['excluded', affected.excluded],
    ['withdrawn', affected.withdrawn],
    ['staying', affected.staying],
    ['without_email', affected.without_email],
  ]
  return sizes.filter(([, size]) => size > 0).map(([group]) => group)
}

/** By name, page by page, whom a change of rules concerns. Fetched when it is opened. */
export function AffectedPeople({ probe, affected }: { probe: Probe; affected: Affected }) {
  const { t } = useTranslation('round')
  const [open, setOpen] = useState(false)
  const groups = groupsOf(affected)
  if (groups.length === 0) return null
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('preview.names')}</summary>
      {open && <Names probe={probe} groups={groups} />}
    </details>
  )
}

function Names({ probe, groups }: { probe: Probe; groups: Group[] }) {
  const { t } = useTranslation('round')
  const [wanted, setWanted] = useState<Group>()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const group = wanted && groups.includes(wanted) ? wanted : (groups[0] ?? 'reached')
  const query = useInfiniteQuery({ ...probePeopleQuery(probe, group, q), placeholderData: keepPreviousData })
  const people = itemsOf(query.data)
  return (
    <>
      <div className={classes.search}>
        {groups.length > 1 && (
          <Select
            aria-label={t('preview.group')}
            allowDeselect={false}
            data={groups.map((value) => ({ value, label: t('group', { context: value }) }))}
            value={group}
            onChange={(value) => setWanted((value ?? undefined) as Group | undefined)}
          />
        )}
        <TextInput
          aria-label={t('filter.search')}
          placeholder={t('filter.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {query.isError && <p className={classes.note}>{t('preview.failed')}</p>}
      {query.isSuccess && people.length === 0 && <p className={classes.note}>{t('audience.notFound')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the keyboard */}
      <ul className={classes.names} tabIndex={0} aria-label={t('group', { context: group })}>
        {people.map((person) => (
          <li key={person.id}>{person.name}</li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="sm"
          loading={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {t('list.more')}
        </Button>
      )}
    </>
  )
}
