import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'

/** What a printed code says. */
export const certificateOf = (code: string) =>
  queryOptions({
    queryKey: ['verify', code],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/public/certificates/{code}', { params: { path: { code } }, signal })),
    enabled: code !== '',
  })
