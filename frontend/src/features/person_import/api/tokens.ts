import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type ApiToken = components['schemas']['APITokenBody']

export const tokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/api-tokens', { signal })),
})

export function createToken(body: { name: string; days: number }, key: string): Promise<ApiToken> {
  return take(api.POST('/api/v1/api-tokens', { body, headers: idempotent(key) }))
}

export async function revokeToken(id: string): Promise<void> {
  await take(api.DELETE('/api/v1/api-tokens/{token_id}', { params: { path: { token_id: id } } }))
}
