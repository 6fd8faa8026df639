import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { EnrolmentFilter } from '@/lib/enrolment-filter'
import { type Audience, type DueRule, type Enrolment, roundKeys } from './rounds'

export type Affected = components['schemas']['AffectedBody']
export type RuleChange = components['schemas']['RuleChangeBody']
export type Outcome = components['schemas']['OutcomeOutputBody']
export type PersonField = components['schemas']['PersonFieldBody']
export type DueMove = components['schemas']['DueMoveBody']
export type Group = 'reached' | 'coming' | 'excluded' | 'withdrawn' | 'staying' | 'without_email'

/** A change of rules that is only tried: on a round, or for one that is not there yet. */
export interface Probe {
  round?: string
  change: RuleChange
  /** Of a round that is not there yet: then it is said whose days would have begun before it. */
  dates?: { starts_on: string; deadline_on: string; due_rule: DueRule; due_days: number }
}

export const probeQuery = ({ round, change, dates }: Probe) =>
  queryOptions({
    queryKey: [...roundKeys.all, 'probe', round, change, dates],
    queryFn: ({ signal }) =>
      round
        ? take(
            api.POST('/api/v1/rounds/{id}/preview', {
              params: { path: { id: round } },
              body: change,
              signal,
            }),
          )
        : take(api.POST('/api/v1/rounds/preview', { body: { ...change.add, ...dates }, signal })),
  })

export const probePeopleQuery = ({ round, change }: Probe, group: Group, q: string) =>
  keysetPages([...roundKeys.all, 'probe', round, change, group, q], (after, signal) => {
    const query = { group, q, limit: 100, ...(after && { after }) }
    return round
      ? take(
          api.POST('/api/v1/rounds/{id}/preview/people', {
            params: { path: { id: round }, query },
            body: change,
            signal,
          }),
        )
      : take(api.POST('/api/v1/rounds/preview/people', { params: { query }, body: change.add ?? {}, signal }))
  })

export const fieldsQuery = queryOptions({
  queryKey: ['round', 'fields'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/person-fields', { signal }))).items ?? [],
})

export const copyQuery = (id: string) =>
  queryOptions({
    queryKey: [...roundKeys.one(id), 'copy'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/rounds/{id}/copy', { params: { path: { id } }, signal })),
  })

export function addRules(id: string, body: Audience): Promise<Outcome> {
  return take(api.POST('/api/v1/rounds/{id}/rules', { params: { path: { id } }, body }))
}

export function removeRule(id: string, rule: string): Promise<Outcome> {
  return take(api.DELETE('/api/v1/rounds/{id}/rules/{rule}', { params: { path: { id, rule } } }))
}

export function restoreRule(id: string, rule: string): Promise<Outcome> {
  return take(api.POST('/api/v1/rounds/{id}/rules/{rule}/restore', { params: { path: { id, rule } } }))
}

/** Gives people a later day; without one, what was given is taken back. */
export async function extend(id: string, ids: string[], due_on: string, reason: string): Promise<DueMove[]> {
  const body = { ids, ...(due_on && { due_on, reason }) }
  return (await take(api.POST('/api/v1/rounds/{id}/enrolments/extend', { params: { path: { id } }, body })))
    .items
}

export const extendQuery = (id: string, ids: string[], due_on: string) =>
  queryOptions({
    queryKey: [...roundKeys.one(id), 'extend', ids, due_on],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.POST('/api/v1/rounds/{id}/enrolments/extend/preview', {
            params: { path: { id } },
            body: { ids, due_on },
            signal,
          }),
        )
      ).items,
  })

/** Whom an extension is about: chosen rows, or everybody whom the filter shows. */
export type ExtendTarget = { people: Enrolment[] } | { filter: EnrolmentFilter; shown: number }

const commaLists = { array: { style: 'form', explode: false } } as const

/** Gives everybody whom a filter shows a later day; refused when others match by now than the `shown` ones. */
export function extendAll(
  id: string,
  filter: EnrolmentFilter,
  body: { due_on: string; reason: string; shown: number },
) {
  return take(
    api.POST('/api/v1/rounds/{id}/enrolments/extend-all', {
      params: { path: { id }, query: filter },
      querySerializer: commaLists,
      body,
    }),
  )
}

export const extendAllQuery = (id: string, filter: EnrolmentFilter, due_on: string) =>
  queryOptions({
    queryKey: [...roundKeys.one(id), 'extend-all', filter, due_on],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/rounds/{id}/enrolments/extend-all', {
          params: { path: { id }, query: { ...filter, due_on } },
          querySerializer: commaLists,
          signal,
        }),
      ),
  })
