import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Import = components['schemas']['ImportBody']
export type ImportRow = components['schemas']['ImportRowBody']
export type ImportForm = components['schemas']['ImportFormBody']
export type ImportMapping = components['schemas']['ImportMappingBody']
export type ImportRules = components['schemas']['ImportRulesInput']
export type ImportUndo = components['schemas']['ImportUndoBody']
export type Outcome = ImportRow['outcome']
export type Then = Import['then']

/** What the server takes at most. */
export const maxBytes = 64 * 1024 * 1024

export const importKeys = {
  all: ['import'] as const,
  list: ['import', 'list'] as const,
  one: (id: string) => ['import', id] as const,
  rows: (id: string, outcome: Outcome, at: string) => ['import', id, 'rows', outcome, at] as const,
  undo: (id: string) => ['import', id, 'undo'] as const,
  rules: ['import', 'rules'] as const,
}

/** Whether a job is at work on it, so that asking again will show something new. */
export function isWorking(one: Import): boolean {
  return ['reading', 'applying', 'undoing'].includes(one.state)
}

export function importQuery(id: string) {
  return queryOptions({
    queryKey: importKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/people/imports/{import_id}', { params: { path: { import_id: id } }, signal })),
    refetchInterval: (query) => (query.state.data && isWorking(query.state.data) ? 1000 : false),
  })
}

export const importPages = keysetPages(importKeys.list, (after, signal) =>
  take(
    api.GET('/api/v1/people/imports', { params: { query: { limit: 50, ...(after && { after }) } }, signal }),
  ),
)

export function rowPages(id: string, outcome: Outcome, at: string) {
  return keysetPages(importKeys.rows(id, outcome, at), (after, signal) => {
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

const at = (id: string) => ({ params: { path: { import_id: id } } })

export function mapColumns(id: string, body: ImportMapping): Promise<Import> {
  return take(api.PUT('/api/v1/people/imports/{import_id}/mapping', { ...at(id), body }))
}

export function setMissing(id: string, then: Then, leftOn: string): Promise<Import> {
  const body = { then, ...(then === 'leave' && { left_on: leftOn }) }
  return take(api.PUT('/api/v1/people/imports/{import_id}/missing', { ...at(id), body }))
}

export interface MeantDepartment {
  text: string
  choice: 'same' | 'other'
}

export function meanDepartments(id: string, choices: MeantDepartment[]): Promise<Import> {
  return take(api.PUT('/api/v1/people/imports/{import_id}/departments', { ...at(id), body: { choices } }))
}

export function applyImport(id: string, missing: number): Promise<Import> {
  return take(api.POST('/api/v1/people/imports/{import_id}/apply', { ...at(id), body: { missing } }))
}

export function undoQuery(id: string) {
  return queryOptions({
    queryKey: importKeys.undo(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/people/imports/{import_id}/undo', { ...at(id), signal })),
    gcTime: 0,
  })
}

export function undoImport(id: string): Promise<Import> {
  return take(api.POST('/api/v1/people/imports/{import_id}/undo', at(id)))
}

export function saveTemplate(format: 'csv' | 'xlsx'): Promise<void> {
  return saveFile(
    api.GET('/api/v1/people/imports/template', { params: { query: { format } }, parseAs: 'blob' }),
  )
}

export function saveWrongRows(id: string): Promise<void> {
  return saveFile(api.GET('/api/v1/people/imports/{import_id}/wrong', { ...at(id), parseAs: 'blob' }))
}

export const rulesQuery = queryOptions({
  queryKey: importKeys.rules,
  queryFn: ({ signal }) => take(api.GET('/api/v1/people/imports/rules', { signal })),
})

export function setRules(body: ImportRules) {
  return take(api.PUT('/api/v1/people/imports/rules', { body }))
}

/** The own fields of the organisation, which columns may be. */
export const fieldsQuery = queryOptions({
  queryKey: ['person-fields'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/person-fields', { signal })),
})
