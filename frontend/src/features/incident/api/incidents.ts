import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Incident = components['schemas']['IncidentBody']
export type IncidentInput = components['schemas']['IncidentInput']
export type IncidentState = Incident['state']

export const incidentKinds: Incident['kind'][] = [
  'credential_leak',
  'leak',
  'loss',
  'damage',
  'unauthorised_access',
  'other',
]

/** The context of a kind's name: `_other` would be a plural. */
export const kindContext = (kind: Incident['kind']) => (kind === 'other' ? 'else' : kind)

export const incidentKeys = {
  all: ['incidents'] as const,
  one: (id: string) => ['incidents', 'one', id] as const,
}

export const incidentPages = keysetPages(['incidents', 'list'], (after, signal) =>
  take(api.GET('/api/v1/incidents', { params: { query: { limit: 100, ...(after && { after }) } }, signal })),
)

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: incidentKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/incidents/{incident_id}', { params: { path: { incident_id: id } }, signal })),
  })
}

export function createIncident(body: IncidentInput, key: string): Promise<Incident> {
  return take(api.POST('/api/v1/incidents', { body, headers: idempotent(key) }))
}

export function updateIncident(id: string, version: number, body: IncidentInput): Promise<Incident> {
  return take(
    api.PUT('/api/v1/incidents/{incident_id}', {
      params: { path: { incident_id: id } },
      body: { ...body, version },
    }),
  )
}

export function addNote(id: string, body: string, key: string): Promise<Incident> {
  return take(
    api.POST('/api/v1/incidents/{incident_id}/notes', {
      params: { path: { incident_id: id } },
      body: { body },
      headers: idempotent(key),
    }),
  )
}

export function setIncidentState(
  incident: Incident,
  state: IncidentState,
  conclusion: string,
): Promise<Incident> {
  return take(
    api.PUT('/api/v1/incidents/{incident_id}/state', {
      params: { path: { incident_id: incident.id } },
      body: { state, version: incident.version, conclusion },
    }),
  )
}
