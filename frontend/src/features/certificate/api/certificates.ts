import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { learningKeys } from '@/lib/learning'

/** One of my certificates. */
export type OwnCertificate = components['schemas']['OwnCertificateBody']

/** My certificates, newest first. */
export const ownCertificates = queryOptions({
  queryKey: learningKeys.certificates,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/me/certificates', { signal }))).items,
})
