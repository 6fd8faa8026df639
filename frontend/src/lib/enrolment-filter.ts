/** What a status filter may ask for: a status, or late. */
export const filterable = [
  'overdue',
  'not_started',
  'in_progress',
  'interrupted',
  'failed',
  'completed',
  'exempt',
  'withdrawn',
] as const
export type StatusFilter = (typeof filterable)[number]

/** What narrows the people of a round; it stands in the address, so that a figure can open its list. */
export interface EnrolmentFilter {
  status?: StatusFilter[]
  department?: string
  q?: string
  /** Whom no mail reaches. */
  no_address?: boolean
}

const isFilterable = (value: unknown): value is StatusFilter => filterable.some((one) => one === value)

/** Reads the filter from an address somebody may have typed or changed. */
export function readEnrolmentFilter(search: Record<string, unknown>): EnrolmentFilter {
  const status = (Array.isArray(search.status) ? search.status : [search.status]).filter(isFilterable)
  return {
    ...(status.length > 0 && { status }),
    ...(typeof search.department === 'string' &&
      /^[0-9a-f-]{36}$/.test(search.department) && { department: search.department }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 100) }),
    ...(search.no_address === true && { no_address: true }),
  }
}

/** Reads from an address which round a new one takes its audience from. */
export function readRoundCopy(search: Record<string, unknown>): { copy?: string } {
  const { copy } = search
  return typeof copy === 'string' && /^[0-9a-f-]{36}$/.test(copy) ? { copy } : {}
}
