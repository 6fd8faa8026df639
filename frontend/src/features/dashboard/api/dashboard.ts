import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Dashboard = components['schemas']['DashboardBody']
export type DashboardRound = components['schemas']['RoundBody']
export type Figures = components['schemas']['FiguresBody']

/** The manager's first page. It begins with `round`, so that a change of a round refreshes it. */
export const dashboardQuery = queryOptions({
  queryKey: ['round', 'dashboard'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/dashboard', { signal })),
})
