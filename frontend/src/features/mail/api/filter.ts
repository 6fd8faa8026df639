/** Every fate a message can have, in the order a manager looks at them. */
export const fates = ['refused', 'given_up', 'no_address', 'queued', 'kept', 'dropped', 'sent'] as const
export type Fate = (typeof fates)[number]

/** What narrows the outbox; it stands in the address, so that a figure can open its list. */
export interface MailFilter {
  state?: Fate | 'failed'
  round?: string
  person?: string
  /** Days, both included. */
  from?: string
  to?: string
}

const id = /^[0-9a-f-]{36}$/
const day = /^\d{4}-\d{2}-\d{2}$/

/** Reads the filter from an address somebody may have typed or changed. */
export function readMailFilter(search: Record<string, unknown>): MailFilter {
  const state = ([...fates, 'failed'] as const).find((one) => one === search.state)
  const text = (value: unknown, form: RegExp) => (typeof value === 'string' && form.test(value) ? value : '')
  return cleanFilter({
    ...(state && { state }),
    round: text(search.round, id),
    person: text(search.person, id),
    from: text(search.from, day),
    to: text(search.to, day),
  })
}

/** Leaves out what is not set. */
export function cleanFilter({ state, round, person, from, to }: MailFilter): MailFilter {
  return {
    ...(state && { state }),
    ...(round && { round }),
    ...(person && { person }),
    ...(from && { from }),
    ...(to && { to }),
  }
}
