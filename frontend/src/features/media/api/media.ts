import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import { assetKeys } from '@/lib/assets'
import type { MediaFilter } from './filter'

type Schemas = components['schemas']
export type MediaFile = Schemas['MediaFileBody']
export type AssetUse = Schemas['AssetUseBody']
export type ChangedCourse = Schemas['ChangedCourseBody']

export const mediaKeys = {
  all: [...assetKeys.all, 'library'] as const,
  list: (filter: MediaFilter) => [...mediaKeys.all, 'list', filter] as const,
  storage: () => [...mediaKeys.all, 'storage'] as const,
  uses: (id: string) => [...mediaKeys.all, 'uses', id] as const,
}

export const mediaQuery = (filter: MediaFilter) =>
  keysetPages(mediaKeys.list(filter), (after, signal) =>
    take(
      api.GET('/api/v1/assets', {
        params: { query: { ...filter, limit: 100, ...(after && { after }) } },
        signal,
      }),
    ),
  )

export const storageQuery = queryOptions({
  queryKey: mediaKeys.storage(),
  queryFn: ({ signal }) => take(api.GET('/api/v1/assets/storage', { signal })),
})

/** Where a file is used: always asked anew, because something is decided by it. */
export const usesQuery = (id: string) =>
  queryOptions({
    queryKey: mediaKeys.uses(id),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/assets/{id}/uses', { params: { path: { id } }, signal }))).items,
    staleTime: 0,
  })

/** Puts another uploaded file in the place of one; tells whose drafts have changed. */
export async function replaceFile(id: string, asset: string): Promise<ChangedCourse[]> {
  return (await take(api.POST('/api/v1/assets/{id}/replace', { params: { path: { id } }, body: { asset } })))
    .courses
}
