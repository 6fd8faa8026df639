import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'

export type SlipBatch = components['schemas']['SlipBatchBody']
export type SlipPreview = components['schemas']['SlipPreviewBody']
export type SlipTarget = components['schemas']['SlipTargetInput']
export type SlipOrder = components['schemas']['SlipOrderInput']
export type SlipFormat = 'pdf' | 'pdf_single' | 'xlsx'

export const slipKeys = {
  all: ['slips'] as const,
  list: ['slips', 'list'] as const,
  one: (id: string) => ['slips', 'one', id] as const,
}

/** One batch; asked again every second while passwords are being handed out. */
export function slipQuery(id: string) {
  return queryOptions({
    queryKey: slipKeys.one(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/people/slips/{slip_id}', { params: { path: { slip_id: id } }, signal })),
    refetchInterval: (query) => (query.state.data?.state === 'queued' ? 1000 : false),
  })
}

export function previewSlips(body: SlipTarget): Promise<SlipPreview> {
  return take(api.POST('/api/v1/people/slips/preview', { body }))
}

export function createSlips(body: SlipOrder, key: string): Promise<SlipBatch> {
  return take(api.POST('/api/v1/people/slips', { body, headers: idempotent(key) }))
}

/** Saves the slips. They can be saved once more within ten minutes, in case the file did not arrive. */
export function takeSlips(id: string, format: SlipFormat): Promise<void> {
  return saveFile(
    api.POST('/api/v1/people/slips/{slip_id}/take', {
      params: { path: { slip_id: id } },
      body: { format },
      parseAs: 'blob',
    }),
  )
}

export function endSlips(id: string): Promise<SlipBatch> {
  return take(api.POST('/api/v1/people/slips/{slip_id}/end', { params: { path: { slip_id: id } } }))
}

export type AddedFactor = components['schemas']['AddedFactorBody']

/** The second factors that people have had since a day. */
export const addedFactorsQuery = (people: string[], factors_since: string) =>
  queryOptions({
    queryKey: ['people', 'added-factors', people, factors_since] as const,
    queryFn: async ({ signal }) =>
      (await take(api.POST('/api/v1/people/added-factors', { body: { people, factors_since }, signal })))
        .items,
  })

export function suspectLeak(
  body: { people: string[]; title: string; overview: string; factors_since?: string },
  key: string,
) {
  return take(api.POST('/api/v1/people/suspect-leak', { body, headers: idempotent(key) }))
}
