import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { peopleQuery } from '../api/rounds'
import type { Chosen } from './chosen'

interface PersonPickerProps {
  chosen: Chosen['persons']
  onChange: (chosen: Chosen['persons']) => void
}

/** Single persons, found by typing part of a name, login ID or number; the server searches. */
export function PersonPicker({ chosen, onChange }: PersonPickerProps) {
  const { t } = useTranslation('round')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useQuery(peopleQuery(q))
  const waiting = found.isPending || typed.trim() !== q // an answer to what was typed before is never offered
  const label = new Map(chosen.map(({ id, name }) => [id, name]))
  for (const person of (waiting ? undefined : found.data) ?? [])
    label.set(person.id, `${person.name} (${person.login_id})`)
  const options = [...label].map(([value, text]) => ({ value, label: text }))
  return (
    <MultiSelect
      label={t('audience.persons')}
      description={t('audience.personsHelp')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('audience.clear') }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage={waiting ? t('audience.searching') : t('audience.notFound')}
      data={options}
      value={chosen.map(({ id }) => id)}
      onChange={(ids) => onChange(ids.map((id) => ({ id, name: label.get(id) ?? id })))}
    />
  )
}
