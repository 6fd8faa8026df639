import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Dashboard = components['schemas']['DashboardBody']
export type DashboardRound = components['schemas']['RoundBody']
export type Department = components['schemas']['DepartmentFiguresBody']
export type Figures = components['schemas']['FiguresBody']
export type Forecast = components['schemas']['RoundForecastBody']
export type Trend = components['schemas']['TrendBody']

/**
 * The manager's first page. It begins with `round`, so that a change of a round refreshes it. While the server counts
 * anew the page asks again.
 */
export const dashboardQuery = queryOptions({
  queryKey: ['round', 'dashboard'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/dashboard', { signal })),
  refetchInterval: ({ state }) => (state.data?.counting ? 3000 : false),
})

export const trendsQuery = queryOptions({
  queryKey: ['round', 'trends'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/dashboard/trends', { signal }))).items,
})
