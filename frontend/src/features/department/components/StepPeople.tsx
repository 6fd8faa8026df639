import { MultiSelect, Radio, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { membersQuery, type Step } from '../api/departments'

interface StepPeopleProps {
  step: Step
  onChange: (step: Step) => void
}

/** Whether everybody of a department goes, or who of them; the server searches. No list is everybody, an empty one nobody yet. */
export function StepPeople({ step, onChange }: StepPeopleProps) {
  const { t } = useTranslation('department')
  const people = step.people ?? undefined // the server sends null for none
  const [typed, setTyped] = useState('')
  const [names, setNames] = useState<Record<string, string>>({})
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useQuery({ ...membersQuery(step.department_id, q), enabled: people !== undefined })
  const chosen = useQuery({
    ...membersQuery(step.department_id, ''),
    enabled: people?.some((id) => names[id] === undefined) ?? false,
  })
  const waiting = found.isPending || typed.trim() !== q
  const label = new Map((people ?? []).map((id) => [id, names[id] ?? t('step.someone')]))
  for (const one of chosen.data ?? [])
    if (label.has(one.id)) label.set(one.id, `${one.name} (${one.login_id})`)
  for (const one of (waiting ? undefined : found.data) ?? [])
    label.set(one.id, `${one.name} (${one.login_id})`)
  return (
    <>
      <Radio.Group
        label={t('step.who')}
        value={people === undefined ? 'all' : 'some'}
        onChange={(value) => onChange({ ...step, people: value === 'some' ? [] : undefined })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={t('step.whoAll')} description={t('step.whoAllHelp')} />
          <Radio value="some" label={t('step.whoSome')} />
        </Stack>
      </Radio.Group>
      {people !== undefined && (
        <MultiSelect
          label={t('step.people')}
          description={t('step.peopleHelp')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('step.peopleClear') }}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options }) => options}
          nothingFoundMessage={waiting ? t('step.searching') : t('step.nobody')}
          maxValues={2000}
          data={[...label].map(([value, text]) => ({ value, label: text }))}
          value={people}
          onChange={(next) => {
            setNames({ ...names, ...Object.fromEntries(next.map((id) => [id, label.get(id) ?? ''])) })
            onChange({ ...step, people: next })
          }}
        />
      )}
    </>
  )
}
