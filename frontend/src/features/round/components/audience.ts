import type { Audience } from '../api/rounds'

/** Who, as it is being chosen. Names are kept for showing. */
export interface AudienceDraft {
  kind: 'everyone' | 'some'
  departments: string[]
  persons: { id: string; name: string }[]
  futureJoiners: boolean
}

export const emptyAudience: AudienceDraft = {
  kind: 'everyone',
  departments: [],
  persons: [],
  futureJoiners: true,
}

/** What is sent to the server. */
export function audienceOf(draft: AudienceDraft): Audience {
  const future = { future_joiners: draft.futureJoiners }
  if (draft.kind === 'everyone') return { everyone: true, ...future }
  return {
    departments: draft.departments,
    persons: draft.persons.map((person) => person.id),
    ...(draft.departments.length > 0 && future),
  }
}

/** True when nobody is chosen yet. */
export function isEmpty(draft: AudienceDraft): boolean {
  return draft.kind === 'some' && draft.departments.length === 0 && draft.persons.length === 0
}
