import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { type Course, courseKeys } from './courses'

type Schemas = components['schemas']
export type Review = Schemas['ReviewBody']
export type Remark = Schemas['RemarkBody']
export type Thread = Schemas['ThreadBody']

const at = (id: string) => ({ params: { path: { id } } })

/** Who asked for approval of a draft and what was answered, newest first. */
export const reviewsQuery = (course: string) =>
  queryOptions({
    queryKey: [...courseKeys.one(course), 'reviews'] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/courses/{id}/reviews', { ...at(course), signal }))).items,
  })

/** What learners would stumble over, by lesson. */
export const courseCheckQuery = (course: string) =>
  queryOptions({
    queryKey: [...courseKeys.one(course), 'check'] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/courses/{id}/check', { ...at(course), signal }))).items,
    staleTime: 0,
    gcTime: 0,
  })

/** What learners would stumble over in one lesson, as version was saved. */
export const lessonCheckQuery = (lesson: string, version: number) =>
  queryOptions({
    queryKey: [...courseKeys.lesson(lesson), 'check', version] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/lessons/{id}/check', { ...at(lesson), signal }))).items,
    placeholderData: (before) => before,
  })

/** What editors said about a lesson. */
export const threadsQuery = (lesson: string) =>
  queryOptions({
    queryKey: [...courseKeys.lesson(lesson), 'comments'] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/lessons/{id}/comments', { ...at(lesson), signal }))).items,
    refetchInterval: 60_000,
  })

export function askReview(course: Course, note: string, key: string): Promise<Course> {
  return take(
    api.POST('/api/v1/courses/{id}/review', {
      ...at(course.id),
      headers: idempotent(key),
      body: { base_version: course.content_version, note },
    }),
  )
}

export function decideReview(course: Course, approve: boolean, answer: string): Promise<Course> {
  return take(
    api.PUT('/api/v1/courses/{id}/review/decision', {
      ...at(course.id),
      body: { approve, answer, base_version: course.content_version },
    }),
  )
}

export function withdrawReview(course: Course): Promise<Course> {
  return take(api.PUT('/api/v1/courses/{id}/review/withdrawal', at(course.id)))
}

export interface NewComment {
  text: string
  quote?: string
  /** A comment of the thread that is answered. */
  thread?: string
}

export async function addComment(lesson: string, comment: NewComment, key: string): Promise<Thread[]> {
  const made = await take(
    api.POST('/api/v1/lessons/{id}/comments', { ...at(lesson), headers: idempotent(key), body: comment }),
  )
  return made.items
}

export function resolveThread(comment: string, resolved: boolean): Promise<unknown> {
  return take(api.PUT('/api/v1/comments/{id}/resolved', { ...at(comment), body: { resolved } }))
}

export function deleteComment(comment: string): Promise<unknown> {
  return take(api.DELETE('/api/v1/comments/{id}', at(comment)))
}
