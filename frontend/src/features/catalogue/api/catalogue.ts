import { queryOptions } from '@tanstack/react-query'
import type { UnderWay } from '@/components/UnderWayChoice'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import type { CatalogueFilter } from './filter'

type Schemas = components['schemas']
export type Offer = Schemas['OfferBody']
export type OfferDetail = Schemas['OfferDetailBody']
export type CourseCopy = Schemas['CourseCopyBody']
export type OfferLesson = Schemas['OfferLessonBody']

export const catalogueKeys = {
  all: ['catalogue'] as const,
  list: (filter: CatalogueFilter) => [...catalogueKeys.all, 'list', filter] as const,
  one: (id: string) => [...catalogueKeys.all, 'one', id] as const,
  lesson: (id: string, lesson: string) => [...catalogueKeys.one(id), lesson] as const,
}

/** What the organisation may use. */
export const offersQuery = (filter: CatalogueFilter) =>
  queryOptions({
    queryKey: catalogueKeys.list(filter),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/catalogue', { params: { query: filter }, signal }))).items,
    placeholderData: (before) => before,
  })

/** One course of it. */
export const offerQuery = (id: string) =>
  queryOptions({
    queryKey: catalogueKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/catalogue/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.copy?.state === 'copying' ? 2000 : false),
  })

/** One lesson, to be looked at; its links last for two hours. */
export const lessonQuery = (id: string, lesson: string) =>
  queryOptions({
    queryKey: catalogueKeys.lesson(id, lesson),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/catalogue/{id}/lessons/{lesson}', { params: { path: { id, lesson } }, signal })),
    staleTime: 60 * 60 * 1000,
  })

/** Has new rounds use the newest version, and takes those who are under way over to it when they are not to stay. */
export function takeVersion(id: string, version: string, underWay: UnderWay): Promise<OfferDetail> {
  return take(
    api.PUT('/api/v1/catalogue/{id}/version', {
      params: { path: { id } },
      body: { version, under_way: underWay },
    }),
  )
}

/** Has a draft of one's own made of it; key makes a repeat the same request. */
export function copyCourse(id: string, title: string, key: string): Promise<CourseCopy> {
  return take(
    api.POST('/api/v1/catalogue/{id}/copies', {
      params: { path: { id } },
      headers: idempotent(key),
      body: { title },
    }),
  )
}
