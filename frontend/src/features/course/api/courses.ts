import { queryOptions } from '@tanstack/react-query'
import type { UnderWay } from '@/components/UnderWayChoice'
import { api, idempotent, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Course = Schemas['CourseBody']
export type CourseFields = Schemas['CourseFields']
export type Missing = Schemas['ProblemField']

/** Every cached answer about courses and lessons, from the widest to the narrowest. */
export const courseKeys = {
  all: ['course'] as const,
  lists: () => [...courseKeys.all, 'list'] as const,
  list: (archived: boolean) => [...courseKeys.lists(), archived] as const,
  one: (id: string) => [...courseKeys.all, 'one', id] as const,
  lessons: (id: string) => [...courseKeys.one(id), 'lessons'] as const,
  versions: (id: string) => [...courseKeys.one(id), 'versions'] as const,
  missing: (id: string) => [...courseKeys.one(id), 'missing'] as const,
  lesson: (id: string) => [...courseKeys.all, 'lesson', id] as const,
  revisions: (id: string) => [...courseKeys.lesson(id), 'revisions'] as const,
  revision: (id: string, version: number) => [...courseKeys.revisions(id), version] as const,
}

const at = (id: string) => ({ params: { path: { id } } })

/** The own courses: those in use, or those put away. */
export const coursesQuery = (archived: boolean) =>
  keysetPages(courseKeys.list(archived), (after, signal) =>
    take(api.GET('/api/v1/courses', { params: { query: { archived, ...(after && { after }) } }, signal })),
  )

/** One course. */
export const courseQuery = (id: string) =>
  queryOptions({
    queryKey: courseKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/courses/{id}', { ...at(id), signal })),
  })

/** The import from Moodle that made a course; null for a course that was made here. */
export const moodleQuery = (id: string) =>
  queryOptions({
    queryKey: ['moodle-import', 'course', id],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/moodle-imports', { params: { query: { course: id, limit: 1 } }, signal })))
        .items[0] ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What was published of a course, newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: courseKeys.versions(id),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/courses/{id}/versions', { ...at(id), signal }))).items,
  })

/** What keeps a course from being published; always asked anew. */
export const missingQuery = (id: string) =>
  queryOptions({
    queryKey: courseKeys.missing(id),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/courses/{id}/missing', { ...at(id), signal }))).items,
    staleTime: 0,
    gcTime: 0,
  })

export function createCourse(fields: CourseFields, key: string): Promise<Course> {
  return take(api.POST('/api/v1/courses', { headers: idempotent(key), body: fields }))
}

export function updateCourse(id: string, base: number, fields: CourseFields): Promise<Course> {
  return take(api.PUT('/api/v1/courses/{id}', { ...at(id), body: { ...fields, base_version: base } }))
}

export function archiveCourse(id: string, archived: boolean): Promise<Course> {
  return take(api.PUT('/api/v1/courses/{id}/archived', { ...at(id), body: { archived } }))
}

export function publishCourse(id: string, base: number, underWay: UnderWay) {
  return take(
    api.POST('/api/v1/courses/{id}/publish', {
      ...at(id),
      body: { base_version: base, under_way: underWay },
    }),
  )
}

/** How many rounds and people publishing would concern. */
export const underWayQuery = (id: string) =>
  queryOptions({
    queryKey: [...courseKeys.all, 'under-way', id] as const,
    queryFn: ({ signal }) => take(api.GET('/api/v1/courses/{id}/under-way', { ...at(id), signal })),
    staleTime: 0,
  })

/** The organisations that the association can share a course with. */
export const membersQuery = queryOptions({
  queryKey: [...courseKeys.all, 'members'] as const,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/members', { signal }))).items,
})

/** Every published course that may be demanded before another: the own ones, and those the association shares. */
export const offersQuery = queryOptions({
  queryKey: [...courseKeys.all, 'offers'] as const,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/catalogue', { signal }))).items ?? [],
})
