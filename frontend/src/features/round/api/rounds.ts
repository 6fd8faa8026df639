import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { EnrolmentFilter } from '@/lib/enrolment-filter'

export type Round = components['schemas']['RoundBody']
export type Enrolment = components['schemas']['EnrolmentBody']
export type Audience = components['schemas']['AudienceBody']
export type Offer = components['schemas']['OfferBody']
export type DueRule = Round['due_rule']
export type Rule = components['schemas']['RuleBody']

export const roundKeys = {
  all: ['round'] as const,
  list: (state: string) => ['round', 'list', state] as const,
  one: (id: string) => ['round', 'one', id] as const,
  rules: (id: string) => ['round', 'rules', id] as const,
  enrolments: (id: string, filter: EnrolmentFilter) => ['round', 'enrolments', id, filter] as const,
}

export const roundsQuery = (state: '' | 'open' | 'closed') =>
  keysetPages(roundKeys.list(state), (after, signal) =>
    take(api.GET('/api/v1/rounds', { params: { query: { state, ...(after && { after }) } }, signal })),
  )

export const roundQuery = (id: string) =>
  queryOptions({
    queryKey: roundKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/rounds/{id}', { params: { path: { id } }, signal })),
  })

export const rulesQuery = (id: string) =>
  queryOptions({
    queryKey: roundKeys.rules(id),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/rounds/{id}/rules', { params: { path: { id } }, signal }))).items,
  })

export const enrolmentsQuery = (id: string, filter: EnrolmentFilter) =>
  keysetPages(roundKeys.enrolments(id, filter), (after, signal) =>
    take(
      api.GET('/api/v1/rounds/{id}/enrolments', {
        params: { path: { id }, query: { ...filter, limit: 100, ...(after && { after }) } },
        querySerializer: { array: { style: 'form', explode: false } },
        signal,
      }),
    ),
  )

export const catalogueQuery = queryOptions({
  queryKey: ['round', 'catalogue'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/catalogue', { signal }))).items ?? [],
})

export const departmentsQuery = queryOptions({
  queryKey: ['round', 'departments'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/departments', { signal }))).items ?? [],
})

export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['round', 'people', q],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/people', { params: { query: { q, limit: 20 } }, signal }))).items ?? [],
  })

export interface NewRound {
  title: string
  course_id: string
  starts_on: string
  deadline_on: string
  due_rule: Exclude<DueRule, 'turn'>
  due_days?: number
  follow_out: boolean
  copied_from?: string
  same_questions?: boolean
  recurrence: components['schemas']['RecurrencePlanBody']
  audience: Audience
}

export function createRound(body: NewRound, key: string): Promise<Round> {
  return take(api.POST('/api/v1/rounds', { headers: idempotent(key), body }))
}

export type RoundChange = components['schemas']['UpdateRoundInputBody']

export function updateRound(id: string, body: RoundChange): Promise<Round> {
  return take(api.PATCH('/api/v1/rounds/{id}', { params: { path: { id } }, body }))
}

export type Aside = components['schemas']['SetAsideInputBody']

export function setAside(id: string, body: Aside) {
  return take(api.POST('/api/v1/rounds/{id}/enrolments/set-aside', { params: { path: { id } }, body }))
}

export function reinstate(id: string, ids: string[]) {
  return take(
    api.POST('/api/v1/rounds/{id}/enrolments/reinstate', { params: { path: { id } }, body: { ids } }),
  )
}

/** Saves exactly what is on the screen. */
export function exportEnrolments(
  id: string,
  filter: EnrolmentFilter,
  format: 'xlsx' | 'csv',
  language: string,
): Promise<void> {
  const query = {
    format,
    language: language === 'en' ? ('en' as const) : ('ja' as const),
    ...(filter.status?.length && { status: filter.status }),
    ...(filter.department && { department: filter.department }),
    ...(filter.no_address && { no_address: true }),
    ...(filter.q && { q: filter.q }),
  }
  return saveFile(
    api.GET('/api/v1/rounds/{id}/enrolments/export', { params: { path: { id }, query }, parseAs: 'blob' }),
  )
}

/** On which days a round with these days would remind. */
export const reminderDaysQuery = (starts_on: string, due_on: string) =>
  queryOptions({
    queryKey: ['round', 'reminder_days', starts_on, due_on] as const,
    queryFn: async ({ signal }) =>
      (await take(api.POST('/api/v1/reminders/days', { body: { starts_on, due_on }, signal }))).items,
  })
