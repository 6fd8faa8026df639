import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { roundKeys } from './rounds'

export type Recurrence = components['schemas']['RecurrenceBody']
export type RecurrencePlan = components['schemas']['RecurrencePlanBody']
export type RecurrencePreview = components['schemas']['RecurrencePreviewOutputBody']
export type RecurrenceChange = components['schemas']['SetRecurrenceInputBody']
export type Occurrence = components['schemas']['OccurrenceBody']

/** What is tried: on a round that there is, or on one that is being made. */
export type RecurrenceProbe = { round: string } | { first: Occurrence }

export const recurrenceQuery = (id: string) =>
  queryOptions({
    queryKey: [...roundKeys.one(id), 'recurrence'],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/rounds/{id}/recurrence', { params: { path: { id } }, signal })),
  })

export const recurrencePreviewQuery = (probe: RecurrenceProbe, plan: RecurrencePlan) =>
  queryOptions({
    queryKey: [...roundKeys.all, 'recurrence', probe, plan],
    queryFn: ({ signal }) =>
      'round' in probe
        ? take(
            api.POST('/api/v1/rounds/{id}/recurrence/preview', {
              params: { path: { id: probe.round } },
              body: plan,
              signal,
            }),
          )
        : take(api.POST('/api/v1/rounds/recurrence-preview', { body: { ...plan, ...probe.first }, signal })),
  })

export function setRecurrence(id: string, body: RecurrenceChange): Promise<Recurrence> {
  return take(api.PUT('/api/v1/rounds/{id}/recurrence', { params: { path: { id } }, body }))
}
