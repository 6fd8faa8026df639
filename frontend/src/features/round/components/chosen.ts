import type { PersonField } from '../api/assignment'
import type { RuleDraft } from './audience'

/** By what a rule chooses: an own field is `field:` and its id. */
export type By =
  | 'everyone'
  | 'department'
  | 'person'
  | 'employment_kind'
  | 'role'
  | 'joined_from'
  | `field:${string}`

/** A rule that is not complete yet. */
export interface Chosen {
  by: By
  value: string
  below: boolean
  persons: { id: string; name: string }[]
}

export const employmentKinds = ['employee', 'officer', 'part_time', 'contract', 'dispatched'] as const
export const ruleRoles = ['manager', 'deputy_manager', 'editor'] as const

/** The rules that were chosen; none while something is missing. */
export function rulesOf(
  chosen: Chosen,
  excluded: boolean,
  departments: { id: string; name: string }[],
  fields: PersonField[],
): RuleDraft[] {
  const { by, value } = chosen
  const base = { excluded, name: '', withBelow: false }
  if (by === 'everyone') return excluded ? [] : [{ ...base, kind: 'everyone' }]
  if (by === 'person')
    return chosen.persons.map(({ id, name }) => ({ ...base, kind: 'person', target: id, name }))
  if (value.trim() === '') return []
  if (by === 'department') {
    const name = departments.find(({ id }) => id === value)?.name ?? ''
    return [{ ...base, kind: 'department', target: value, name, withBelow: chosen.below }]
  }
  if (by === 'employment_kind' || by === 'role' || by === 'joined_from')
    return [{ ...base, kind: 'attribute', attribute: by, value }]
  const field = fields.find(({ id }) => by === `field:${id}`)
  return field
    ? [
        {
          ...base,
          kind: 'attribute',
          attribute: 'field',
          target: field.id,
          name: field.name,
          value: value.trim(),
        },
      ]
    : []
}
