import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { ConcernKind } from '@/lib/concern-kinds'

export type Concern = components['schemas']['ConcernBody']
export type ConcernCount = components['schemas']['ConcernCountBody']
export const concernKeys = {
  all: ['concerns'] as const,
  count: ['concerns', 'count'] as const,
  list: (kind: ConcernKind | undefined) => ['concerns', 'list', kind] as const,
}

export const concernCount = queryOptions({
  queryKey: concernKeys.count,
  queryFn: ({ signal }) => take(api.GET('/api/v1/people/concerns/count', { signal })),
})

export function concernPages(kind: ConcernKind | undefined) {
  return keysetPages(concernKeys.list(kind), (after, signal) => {
    const query = { ...(kind && { kind }), ...(after && { after }), limit: 200 }
    return take(api.GET('/api/v1/people/concerns', { params: { query }, signal }))
  })
}

/** Lets the server look at login IDs it has not looked at since their person changed. */
export function checkConcerns(): Promise<ConcernCount> {
  return take(api.POST('/api/v1/people/concerns/check'))
}

export async function setStates(people: string[], state: 'suspended' | 'active'): Promise<string[]> {
  return (await take(api.POST('/api/v1/people/states', { body: { people, state } }))).changed ?? []
}

export async function signOut(people: string[]): Promise<void> {
  await take(api.POST('/api/v1/people/sign-out', { body: { people } }))
}
