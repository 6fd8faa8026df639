import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type DossierEntry = components['schemas']['DossierEntryBody']

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
