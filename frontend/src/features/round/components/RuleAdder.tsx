import { Button, Checkbox, Select, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldsQuery } from '../api/assignment'
import { departmentsQuery } from '../api/rounds'
import type { RuleDraft } from './audience'
import { type By, type Chosen, employmentKinds, ruleRoles, rulesOf } from './chosen'
import { PersonPicker } from './PersonPicker'
import classes from './RuleAdder.module.css'

interface RuleAdderProps {
  excluded: boolean
  onAdd: (rules: RuleDraft[]) => void
}

const first: Chosen = { by: 'department', below: true, persons: [], value: '' }

/** Adds a rule: first by what, then which. */
export function RuleAdder({ excluded, onAdd }: RuleAdderProps) {
  const { t } = useTranslation('round')
  const departments = useQuery(departmentsQuery).data ?? []
  const fields = useQuery(fieldsQuery).data ?? []
  const [chosen, setChosen] = useState<Chosen>(first)
  const change = (next: Partial<Chosen>) => setChosen((old) => ({ ...old, ...next }))
  const kinds: { value: By; label: string }[] = [
    ...(excluded ? [] : [{ value: 'everyone' as const, label: t('rule.everyone') }]),
    ...(['department', 'person', 'employment_kind', 'role', 'joined_from'] as const).map((value) => ({
      value,
      label: t('by', { context: value }),
    })),
    ...fields.map(({ id, name }) => ({ value: `field:${id}` as const, label: name })),
  ]
  const rules = rulesOf(
    chosen,
    excluded,
    departments.map(({ id, path }) => ({ id, name: path })),
    fields,
  )
  const field = fields.find(({ id }) => chosen.by === `field:${id}`)
  const select = (label: string, data: { value: string; label: string }[]) => (
    <Select
      label={label}
      searchable
      data={data}
      value={chosen.value || null}
      nothingFoundMessage={t('by.none')}
      onChange={(value) => change({ value: value ?? '' })}
    />
  )
  return (
    <Stack gap="sm" className={classes.adder}>
      <Select
        label={excluded ? t('by.except') : t('by.label')}
        data={kinds}
        value={chosen.by}
        allowDeselect={false}
        onChange={(by) => setChosen({ ...first, by: (by ?? 'department') as By })}
      />
      {chosen.by === 'department' && (
        <>
          {select(
            t('by_department'),
            departments.map(({ id, path }) => ({ value: id, label: path })),
          )}
          <Checkbox
            label={t('by.below')}
            checked={chosen.below}
            onChange={(event) => change({ below: event.currentTarget.checked })}
          />
        </>
      )}
      {chosen.by === 'person' && (
        <PersonPicker chosen={chosen.persons} onChange={(persons) => change({ persons })} />
      )}
      {chosen.by === 'employment_kind' &&
        select(
          t('by_employment_kind'),
          employmentKinds.map((value) => ({ value, label: t('employment', { context: value }) })),
        )}
      {chosen.by === 'role' &&
        select(
          t('by_role'),
          ruleRoles.map((value) => ({ value, label: t('role', { context: value }) })),
        )}
      {chosen.by === 'joined_from' && (
        <TextInput
          type="date"
          label={t('by.from')}
          value={chosen.value}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      )}
      {field?.kind === 'choice' &&
        select(
          field.name,
          (field.choices ?? []).map((value) => ({ value, label: value })),
        )}
      {field && field.kind !== 'choice' && (
        <TextInput
          type={field.kind === 'date' ? 'date' : 'text'}
          label={field.name}
          maxLength={200}
          value={chosen.value}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      )}
      <Button
        variant="default"
        className={classes.add}
        disabled={rules.length === 0}
        onClick={() => {
          onAdd(rules)
          setChosen({ ...first, by: chosen.by === 'everyone' ? 'department' : chosen.by })
        }}
      >
        {excluded ? t('by.addExcept') : t('by.add')}
      </Button>
    </Stack>
  )
}
