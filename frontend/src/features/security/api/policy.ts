import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Policy = components['schemas']['SecurityPolicyBody']
export type Policies = components['schemas']['SecurityPoliciesBody']

export const policyQuery = queryOptions({
  queryKey: ['security-policy'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/security-policy', { signal })),
})

export function savePolicy(body: Policy): Promise<Policies> {
  return take(api.PUT('/api/v1/security-policy', { body }))
}

export function saveMinimum(body: Policy): Promise<Policies> {
  return take(api.PUT('/api/v1/security-policy/minimum', { body }))
}
