import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Import = components['schemas']['ImportBody']
export type ImportRow = components['schemas']['ImportRowBody']
export type Outcome = ImportRow['outcome']

/** What the server takes at most. */
export const maxBytes = 20 * 1024 * 1024

export const importKeys = {
  one: (id: string) => ['import', id] as const,
  rows: (id: string, outcome: Outcome) => ['import', id, 'rows', outcome] as const,
}

export function importQuery(id: string) {
  return queryOptions({
    queryKey: importKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/people/imports/{import_id}', { params: { path: { import_id: id } }, signal })),
  })
}

export function rowPages(id: string, outcome: Outcome) {
  return keysetPages(importKeys.rows(id, outcome), (after, signal) => {
    const query = { outcome, limit: 200, ...(after && { after }) }
    return take(
      api.GET('/api/v1/people/imports/{import_id}/rows', {
        params: { path: { import_id: id }, query },
        signal,
      }),
    )
  })
}

/** Sends a file to be checked. Nobody is changed by it. */
export function checkFile(file: File, key: string): Promise<Import> {
  return take(
    api.POST('/api/v1/people/imports', {
      params: { query: { file_name: file.name.slice(0, 300) } },
      headers: { 'Content-Type': 'application/octet-stream', ...idempotent(key) },
      body: '',
      bodySerializer: () => file,
    }),
  )
}

export function applyImport(id: string): Promise<Import> {
  return take(api.POST('/api/v1/people/imports/{import_id}/apply', { params: { path: { import_id: id } } }))
}

export function saveTemplate(format: 'csv' | 'xlsx'): Promise<void> {
  return saveFile(
    api.GET('/api/v1/people/imports/template', { params: { query: { format } }, parseAs: 'blob' }),
  )
}

export function saveWrongRows(id: string): Promise<void> {
  return saveFile(
    api.GET('/api/v1/people/imports/{import_id}/wrong', {
      params: { path: { import_id: id } },
      parseAs: 'blob',
    }),
  )
}
