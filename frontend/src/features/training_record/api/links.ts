import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'

export type RecordLink = components['schemas']['RecordLinkBody']
export type SharedRecord = components['schemas']['OpenLinkOutputBody']

/** An issued record of a round or of a year. */
export interface Shareable {
  kind: 'round' | 'year'
  record: string
  number: number
}

export const linkKeys = { list: ['record-link'] as const }

/** Links handed to auditors, newest first. */
export const linksQuery = queryOptions({
  queryKey: linkKeys.list,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/record-links', { signal }))).items,
})

/** Makes a link; its address is in this answer only. */
export function createLink(what: Shareable, recipient: string, days: number, key: string) {
  const body = { kind: what.kind, record: what.record, recipient, days }
  return take(
    api.POST('/api/v1/record-links', {
      params: { header: idempotent(key) },
      body,
    }),
  )
}

/** Ends a link at once. */
export function revokeLink(id: string): Promise<unknown> {
  return take(api.DELETE('/api/v1/record-links/{id}', { params: { path: { id } } }))
}

/** What a link leads to; no log-in. Every call is an opening in the organisation's log. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared-record', token],
    queryFn: ({ signal }) => take(api.POST('/api/v1/public/record-link', { body: { token }, signal })),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** Saves the file behind a link. The token travels in the body, so that it stands in no address and no log. */
export function saveShared(token: string, format: 'pdf' | 'xlsx', language: string): Promise<void> {
  const body = { token, format, language: language === 'en' ? ('en' as const) : ('ja' as const) }
  return saveFile(api.POST('/api/v1/public/record-link/file', { body, parseAs: 'blob' }))
}
