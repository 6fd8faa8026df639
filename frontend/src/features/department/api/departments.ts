import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Department = components['schemas']['DepartmentBody']

export const departmentKeys = { all: ['departments'] as const }

export const departmentsQuery = queryOptions({
  queryKey: departmentKeys.all,
  queryFn: async ({ signal }): Promise<Department[]> =>
    (await take(api.GET('/api/v1/departments', { signal }))).items ?? [],
})

export function createDepartment(name: string, key: string) {
  return take(api.POST('/api/v1/departments', { body: { name }, headers: idempotent(key) }))
}

export function renameDepartment(id: string, name: string) {
  return take(
    api.PUT('/api/v1/departments/{department_id}', {
      params: { path: { department_id: id } },
      body: { name },
    }),
  )
}

export async function deleteDepartment(id: string): Promise<void> {
  await take(api.DELETE('/api/v1/departments/{department_id}', { params: { path: { department_id: id } } }))
}
