import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Handover = components['schemas']['HandoverBody']
export type Offer = components['schemas']['OfferHandoverInputBody']

export const handoverKeys = {
  all: ['handover'] as const,
  list: ['handover', 'list'] as const,
  own: ['handover', 'own'] as const,
}

/** Changes of the manager, newest first. */
export const handoversQuery = queryOptions({
  queryKey: handoverKeys.list,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/handovers', { signal }))).items,
})

/** The open offer to the person who is logged in, or null. */
export const ownHandoverQuery = queryOptions({
  queryKey: handoverKeys.own,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/me/handover', { signal }))).handover ?? null,
})

/** People whom a name or login ID finds. */
export const candidatesQuery = (q: string) =>
  queryOptions({
    queryKey: ['handover', 'people', q],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/people', { params: { query: { q, state: 'active', limit: 20 } }, signal }),
        )
      ).items ?? [],
  })

/** What to know of somebody before asking them. */
export const candidateQuery = (id: string) =>
  queryOptions({
    queryKey: ['handover', 'candidate', id],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/handovers/candidates/{person_id}', { params: { path: { person_id: id } }, signal }),
      ),
    staleTime: 0,
  })

/** Asks somebody to become the manager. */
export function offerHandover(body: Offer, key: string): Promise<Handover> {
  return take(api.POST('/api/v1/handovers', { headers: idempotent(key), body }))
}

/** Takes an open offer back. */
export function cancelHandover(id: string): Promise<unknown> {
  return take(api.DELETE('/api/v1/handovers/{id}', { params: { path: { id } } }))
}

/** Becomes the manager. */
export function acceptHandover(id: string): Promise<unknown> {
  return take(api.POST('/api/v1/me/handover/{id}/accept', { params: { path: { id } } }))
}

/** Does not become the manager. */
export function declineHandover(id: string, answer: string): Promise<unknown> {
  return take(
    api.POST('/api/v1/me/handover/{id}/decline', {
      params: { path: { id } },
      body: answer.trim() ? { answer } : {},
    }),
  )
}
