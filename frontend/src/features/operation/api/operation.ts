import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Operation = components['schemas']['OperationBody']
export type Job = components['schemas']['JobBody']

export const operationKeys = { all: ['operation'] as const }

/** How the installation stands; asked anew every ten seconds. */
export const operationQuery = queryOptions({
  queryKey: ['operation', 'state'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/operation', { signal })),
  refetchInterval: 10_000,
})

/** What was tried often enough and given up, newest first. */
export const failedJobs = keysetPages<Job>(['operation', 'failed'], (after, signal) =>
  take(
    api.GET('/api/v1/operation/jobs', {
      params: { query: { state: 'failed', ...(after && { after }) } },
      signal,
    }),
  ),
)

export function retryJob(id: string): Promise<Job> {
  return take(api.POST('/api/v1/operation/jobs/{id}/retry', { params: { path: { id } } }))
}
