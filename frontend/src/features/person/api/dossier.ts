import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type DossierEntry = components['schemas']['DossierEntryBody']
export type ReissuePreview = components['schemas']['ReissuePreviewBody']

/** Every course of a person, the newest first. */
export function dossierPages(person: string) {
  return keysetPages<DossierEntry>(['people', 'dossier', person], (after, signal) =>
    take(
      api.GET('/api/v1/people/{person_id}/dossier', {
        params: { path: { person_id: person }, query: { ...(after && { after }), limit: 100 } },
        signal,
      }),
    ),
  )
}

export function printLedger(person: string): Promise<void> {
  return saveFile(
    api.GET('/api/v1/people/{person_id}/ledger', {
      params: { path: { person_id: person } },
      parseAs: 'blob',
    }),
  )
}

/** Takes the certificate of an enrolment back; the completion stays. */
export function revokeCertificate(enrolment: string, reason: string) {
  return take(
    api.POST('/api/v1/enrolments/{id}/certificate/revoke', {
      params: { path: { id: enrolment } },
      body: { reason },
    }),
  )
}

/** What issuing the certificate of an enrolment again would change; asked anew each time. */
export function reissuePreview(enrolment: string) {
  return queryOptions({
    queryKey: ['people', 'reissue', enrolment],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/enrolments/{id}/certificate/reissue', {
          params: { path: { id: enrolment } },
          signal,
        }),
      ),
    staleTime: 0,
    gcTime: 0,
  })
}

/** Puts a new certificate in the place of the one that was seen. The same key is the same write. */
export function reissueCertificate(
  enrolment: string,
  body: { certificate: string; reason: string },
  key: string,
) {
  return take(
    api.POST('/api/v1/enrolments/{id}/certificate/reissue', {
      params: { path: { id: enrolment } },
      headers: idempotent(key),
      body,
    }),
  )
}
