import { queryOptions } from '@tanstack/react-query'
import type { QuestionFilter } from '@/components/question/bank'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type QuestionImport = components['schemas']['QuestionImportBody']
export type ImportRow = components['schemas']['QuestionImportRowBody']
export type Outcome = ImportRow['outcome']
export type Format = QuestionImport['format']

export const formats: Format[] = ['xlsx', 'csv', 'csv_shift_jis', 'gift', 'moodle_xml']

/** What the server takes at most. */
export const maxBytes = 16 * 1024 * 1024

const at = (id: string) => ({ params: { path: { id } } })

/** A checked file; while a job puts it in, it is asked again every second. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['question-import', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/question-imports/{id}', { ...at(id), signal })),
    refetchInterval: (query) => (query.state.data?.state === 'applying' ? 1000 : false),
  })

/** What the file does with each question. */
export const rowPages = (id: string, outcome: Outcome) =>
  keysetPages(['question-import', id, outcome], (after, signal) =>
    take(
      api.GET('/api/v1/question-imports/{id}/rows', {
        params: { path: { id }, query: { outcome, limit: 100, ...(after && { after }) } },
        signal,
      }),
    ),
  )

/** Sends a file to be checked. The bank is not changed by it. */
export function checkFile(file: File, key: string): Promise<QuestionImport> {
  return take(
    api.POST('/api/v1/question-imports', {
      params: { query: { file_name: file.name.slice(0, 300) } },
      headers: { ...idempotent(key), 'Content-Type': 'application/octet-stream' },
      body: '',
      bodySerializer: () => file,
    }),
  )
}

export function applyImport(id: string): Promise<QuestionImport> {
  return take(api.POST('/api/v1/question-imports/{id}/apply', at(id)))
}

/** Saves the questions of a filter as a file. */
export function exportQuestions(filter: QuestionFilter, format: Format, locale: 'ja' | 'en'): Promise<void> {
  const asked = Object.fromEntries(
    Object.entries(filter).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value)),
  )
  return saveFile(
    api.GET('/api/v1/questions/export', {
      params: { query: { ...asked, format, locale } },
      querySerializer: { array: { style: 'form', explode: false } },
      parseAs: 'blob',
    }),
  )
}

export function saveTemplate(locale: 'ja' | 'en'): Promise<void> {
  return saveFile(api.GET('/api/v1/questions/template', { params: { query: { locale } }, parseAs: 'blob' }))
}
