import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components, operations } from '@/lib/api/schema'

export type Person = components['schemas']['PersonBody']
export type PersonInput = components['schemas']['PersonInput']
export type Slip = components['schemas']['SlipBody']
export type Department = components['schemas']['DepartmentBody']
export type PersonState = Person['state']
export type PersonField = components['schemas']['PersonFieldBody']
export type Consequences = components['schemas']['ConsequencesBody']
export type PersonAct = components['schemas']['PersonActPreviewInput']['act']

/** Whom an act is about: chosen rows, or everybody whom the filter shows. */
export type Target = { people: string[] } | { filter: PeopleFilter; shown: number }

type ListQuery = NonNullable<operations['list-people']['parameters']['query']>

/** What narrows the list; the same words stand in the address of the page. */
export type PeopleFilter = Pick<ListQuery, 'q' | 'department' | 'state' | 'account' | 'import' | 'kind'> & {
  /** `id:value` of own fields. */
  field?: string[]
}

export const personKeys = {
  all: ['people'] as const,
  list: (filter: PeopleFilter, sort: ListQuery['sort']) => ['people', 'list', filter, sort] as const,
  one: (id: string) => ['people', 'one', id] as const,
}

export function peoplePages(filter: PeopleFilter, sort: ListQuery['sort']) {
  return keysetPages(personKeys.list(filter, sort), (after, signal) => {
    const query = { ...filter, ...(sort && { sort }), ...(after && { after }), limit: 200 }
    return take(api.GET('/api/v1/people', { params: { query }, signal }))
  })
}

export function personQuery(id: string) {
  return queryOptions({
    queryKey: personKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/people/{person_id}', { params: { path: { person_id: id } }, signal })),
  })
}

export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: async ({ signal }): Promise<Department[]> =>
    (await take(api.GET('/api/v1/departments', { signal }))).items ?? [],
})

export const personFieldsQuery = queryOptions({
  queryKey: ['person-fields'],
  queryFn: async ({ signal }): Promise<PersonField[]> =>
    (await take(api.GET('/api/v1/person-fields', { signal }))).items ?? [],
  staleTime: 60_000,
})

/** What an act would do; asked again whenever the dialog opens. */
export function consequencesQuery(act: PersonAct, target: Target, leftOn?: string) {
  return queryOptions({
    queryKey: [...personKeys.all, 'act', act, target, leftOn],
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/people/acts/preview', {
          body: { ...target, act, ...(leftOn && { left_on: leftOn }) },
          signal,
        }),
      ),
    gcTime: 0,
  })
}

export function actOnPeople(
  act: 'suspend' | 'return' | 'leave' | 'stay',
  target: Target,
  more: { left_on?: string; posts?: boolean } = {},
) {
  return take(api.POST('/api/v1/people/acts', { body: { ...target, act, ...more } }))
}

export function erasePeople(
  act: 'anonymise' | 'delete',
  target: Target,
  more: { withdraw?: boolean; losing?: number },
) {
  return take(api.POST('/api/v1/people/erase', { body: { ...target, act, ...more } }))
}

export function createPerson(body: PersonInput, key: string) {
  return take(api.POST('/api/v1/people', { body, headers: idempotent(key) }))
}

export function updatePerson(id: string, version: number, input: PersonInput) {
  return take(
    api.PUT('/api/v1/people/{person_id}', {
      params: { path: { person_id: id } },
      body: { ...input, version },
    }),
  )
}

export async function signOut(people: string[]): Promise<void> {
  await take(api.POST('/api/v1/people/sign-out', { body: { people } }))
}

/** Login IDs that are hard to guess, made from nothing that is known about anybody. */
export async function proposeLoginIDs(): Promise<string[]> {
  return (await take(api.GET('/api/v1/people/login-ids'))).items ?? []
}

export type PersonAccountInfo = components['schemas']['PersonAccountBody']
export type PersonDevice = components['schemas']['DeviceBody']

/** Where the account came from and where it is logged in. */
export function accountQuery(id: string) {
  return queryOptions({
    queryKey: [...personKeys.all, 'account', id],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/people/{person_id}/account', { params: { path: { person_id: id } }, signal })),
  })
}

export function endDevice(person: string, device: string) {
  return take(
    api.DELETE('/api/v1/people/{person_id}/devices/{device_id}', {
      params: { path: { person_id: person, device_id: device } },
    }),
  )
}

export function issueOne(id: string, replaceChosen: boolean, seen?: string) {
  return take(
    api.POST('/api/v1/people/{person_id}/credential', {
      params: { path: { person_id: id } },
      body: { replace_chosen: replaceChosen, ...(seen && { seen }) },
    }),
  )
}

export function printSlip(id: string, slip: Slip): Promise<void> {
  const body = { secret: slip.secret, expires_at: slip.expires_at ?? '' }
  return saveFile(
    api.POST('/api/v1/people/{person_id}/slip', {
      params: { path: { person_id: id } },
      body,
      parseAs: 'blob',
    }),
  )
}

export function exportPeople(filter: PeopleFilter, format: 'csv' | 'xlsx'): Promise<void> {
  return saveFile(
    api.GET('/api/v1/people/export', { params: { query: { ...filter, format } }, parseAs: 'blob' }),
  )
}

/** Takes the second factor and the password of somebody who has lost it, and gives a one-time password. */
export function resetFactors(id: string, reason: string): Promise<Slip> {
  return take(
    api.POST('/api/v1/people/{person_id}/factors/reset', {
      params: { path: { person_id: id } },
      body: { reason },
    }),
  )
}
