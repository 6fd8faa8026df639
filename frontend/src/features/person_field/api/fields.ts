import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type PersonField = components['schemas']['PersonFieldBody']
export type PersonFieldInput = components['schemas']['PersonFieldInput']

export const fieldKeys = { all: ['person-fields'] as const }

export const fieldsQuery = queryOptions({
  queryKey: fieldKeys.all,
  queryFn: async ({ signal }): Promise<PersonField[]> =>
    (await take(api.GET('/api/v1/person-fields', { signal }))).items ?? [],
})

/** For how many people a field says something: what a deletion would take. */
export function usageQuery(id: string) {
  return queryOptions({
    queryKey: [...fieldKeys.all, 'usage', id],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/person-fields/{field_id}/usage', { params: { path: { field_id: id } }, signal })),
    gcTime: 0,
  })
}

export function createField(body: PersonFieldInput, key: string) {
  return take(api.POST('/api/v1/person-fields', { body, headers: idempotent(key) }))
}

export function updateField(field: PersonField, body: PersonFieldInput, losing: number) {
  return take(
    api.PUT('/api/v1/person-fields/{field_id}', {
      params: { path: { field_id: field.id } },
      body: { ...body, version: field.version, losing },
    }),
  )
}

export function orderFields(fields: string[]) {
  return take(api.PUT('/api/v1/person-fields/order', { body: { fields } }))
}

export async function deleteField(id: string, losing: number): Promise<void> {
  await take(
    api.DELETE('/api/v1/person-fields/{field_id}', {
      params: { path: { field_id: id }, query: { losing } },
    }),
  )
}
