import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type PasswordFile = components['schemas']['PasswordFileBody']
export type PasswordProblem = components['schemas']['PasswordProblemBody']

export const passwordFileKeys = {
  list: ['password-files'] as const,
  one: (id: string) => ['password-files', id] as const,
  problems: (id: string) => ['password-files', id, 'problems'] as const,
}

export const passwordFiles = queryOptions({
  queryKey: passwordFileKeys.list,
  queryFn: ({ signal }) =>
    take(api.GET('/api/v1/people/password-files', { params: { query: { limit: 20 } }, signal })),
})

/** One file; asked again every two seconds while its passwords are being hashed. */
export function passwordFile(id: string) {
  return queryOptions({
    queryKey: passwordFileKeys.one(id),
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/people/password-files/{password_file_id}', {
          params: { path: { password_file_id: id } },
          signal,
        }),
      ),
    refetchInterval: (query) => (query.state.data?.state === 'queued' ? 2000 : false),
  })
}

export function problemPages(id: string) {
  return keysetPages(passwordFileKeys.problems(id), (after, signal) =>
    take(
      api.GET('/api/v1/people/password-files/{password_file_id}/problems', {
        params: { path: { password_file_id: id }, query: { limit: 200, ...(after && { after }) } },
        signal,
      }),
    ),
  )
}

/** Sends a file to be checked. Nobody's password changes by it. */
export function checkPasswordFile(file: File, key: string): Promise<PasswordFile> {
  return take(
    api.POST('/api/v1/people/password-files', {
      params: { query: { file_name: file.name.slice(0, 300) } },
      headers: { 'Content-Type': 'application/octet-stream', ...idempotent(key) },
      body: '',
      bodySerializer: () => file,
    }),
  )
}

export function applyPasswordFile(id: string): Promise<PasswordFile> {
  return take(
    api.POST('/api/v1/people/password-files/{password_file_id}/apply', {
      params: { path: { password_file_id: id } },
    }),
  )
}

export function cancelPasswordFile(id: string): Promise<PasswordFile> {
  return take(
    api.POST('/api/v1/people/password-files/{password_file_id}/cancel', {
      params: { path: { password_file_id: id } },
    }),
  )
}
