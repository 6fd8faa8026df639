import type { PeopleFilter } from './people'

const states = ['active', 'suspended', 'left', 'anonymised', 'all'] as const
const accounts = ['never_logged_in', 'one_time', 'expired', 'expiring', 'none', 'void'] as const
const kinds = ['employee', 'officer', 'part_time', 'contract', 'dispatched'] as const

function one<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((known) => known === value)
}

const id = (value: unknown) =>
  typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined

const ownField = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f-]{36}:.{1,200}$/u.test(value)

/** Reads the filter from the address; what makes no sense is left out. */
export function readFilter(search: Record<string, unknown>): PeopleFilter {
  const filter = {
    q:
      typeof search.q === 'string' || typeof search.q === 'number'
        ? String(search.q).slice(0, 200)
        : undefined,
    department: id(search.department),
    state: one(states, search.state),
    account: one(accounts, search.account),
    import: id(search.import),
    kind: one(kinds, search.kind),
    field: Array.isArray(search.field) ? search.field.filter(ownField).slice(0, 20) : undefined,
  }
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value)),
  )
}
