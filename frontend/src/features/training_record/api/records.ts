import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'

export type TrainingRecord = components['schemas']['TrainingRecord']
export type RecordPerson = components['schemas']['RecordPerson']
export type IssuedRecord = components['schemas']['IssuedRecordBody']

/** What an issued record can be saved as. */
export type Format = 'pdf' | 'xlsx' | 'json'

export const recordKeys = {
  preview: (round: string) => ['round', 'record', 'preview', round] as const,
  issued: (round: string) => ['round', 'record', 'issued', round] as const,
}

/** What a record issued now would say. */
export const previewQuery = (round: string) =>
  queryOptions({
    queryKey: recordKeys.preview(round),
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/rounds/{id}/training-record/preview', { params: { path: { id: round } }, signal }),
      ),
  })

/** What was issued before. */
export const issuedQuery = (round: string) =>
  queryOptions({
    queryKey: recordKeys.issued(round),
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/rounds/{id}/training-records', { params: { path: { id: round } }, signal }),
        )
      ).items,
  })

/** Issues the record as the round stands; the same state is one issue. */
export function issueRecord(round: string): Promise<IssuedRecord> {
  return take(api.POST('/api/v1/rounds/{id}/training-records', { params: { path: { id: round } } }))
}

/** Saves an issued record. */
export function saveRecord(id: string, format: Format, language: string): Promise<void> {
  const query = { format, language: language === 'en' ? ('en' as const) : ('ja' as const) }
  return saveFile(
    api.GET('/api/v1/training-records/{id}', { params: { path: { id }, query }, parseAs: 'blob' }),
  )
}
