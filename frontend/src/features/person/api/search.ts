import type { PeopleFilter } from './people'

const states = ['active', 'suspended', 'left', 'all'] as const
const accounts = ['never_logged_in', 'one_time', 'expired', 'expiring', 'none', 'void'] as const

function one<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((known) => known === value)
}

const id = (value: unknown) =>
  typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined

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
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value))
}
