import { queryOptions } from '@tanstack/react-query'
import { api, take } from './api/client'

/** The surveys of a round. */
export const surveysQuery = (round: string) =>
  queryOptions({
    queryKey: ['survey', round] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/rounds/{id}/surveys', { params: { path: { id: round } }, signal }))).items,
  })
