import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Organisation = components['schemas']['OrganisationBody']
export type OrganisationFields = components['schemas']['OrganisationFields']
export type Issued = components['schemas']['IssuedBody']
export type OrganisationChange = components['schemas']['UpdateOrganisationInputBody']

/** What narrows the register; the same words stand in the address of the page. */
export interface OrganisationFilter {
  q?: string
  state?: Organisation['state']
}

export const plans = ['elearning', 'certification', 'seats'] as const

export const organisationKeys = {
  all: ['organisations'] as const,
  list: (filter: OrganisationFilter) => ['organisations', 'list', filter] as const,
  one: (id: string) => ['organisations', 'one', id] as const,
}

export function organisationPages(filter: OrganisationFilter) {
  return keysetPages(organisationKeys.list(filter), (after, signal) => {
    const query = { ...filter, ...(after && { after }), limit: 100 }
    return take(api.GET('/api/v1/organisations', { params: { query }, signal }))
  })
}

export function organisationQuery(id: string) {
  return queryOptions({
    queryKey: organisationKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/organisations/{id}', { params: { path: { id } }, signal })),
  })
}

export function createOrganisation(body: OrganisationFields, key: string): Promise<Issued> {
  return take(api.POST('/api/v1/organisations', { body, headers: idempotent(key) }))
}

export function updateOrganisation(id: string, body: OrganisationChange): Promise<Organisation> {
  return take(api.PATCH('/api/v1/organisations/{id}', { params: { path: { id } }, body }))
}

export function reissueManager(id: string, reason: string): Promise<Issued> {
  return take(
    api.POST('/api/v1/organisations/{id}/manager-credential', { params: { path: { id } }, body: { reason } }),
  )
}

/** Asks somebody of the organisation to become its manager; nothing changes until they accept. */
export function appointManager(id: string, login: string, reason: string): Promise<unknown> {
  const body = { login_id: login, reason }
  return take(api.POST('/api/v1/organisations/{id}/handover', { params: { path: { id } }, body }))
}

/** Takes a manager's second factor and password away, and gives a one-time password. */
export function resetManagerFactors(id: string, reason: string): Promise<Issued> {
  return take(
    api.POST('/api/v1/organisations/{id}/manager-factors/reset', {
      params: { path: { id } },
      body: { reason },
    }),
  )
}

/** Hands the sheet to the browser as a file; it never leaves the memory of this page otherwise. */
export function saveSheet(base64: string, name: string): void {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
