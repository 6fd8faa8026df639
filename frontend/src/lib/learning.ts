import { queryOptions } from '@tanstack/react-query'
import { api, take } from './api/client'
import type { components } from './api/schema'

/** One of my courses. */
export type OwnEnrolment = components['schemas']['OwnCourseBody']
/** One of my courses with its lessons. */
export type Outline = components['schemas']['OutlineBody']
/** A lesson as I may see it. */
export type LearnerLesson = components['schemas']['LearnerLesson']
/** A try at a quiz. */
export type Attempt = components['schemas']['AttemptBody']

/** Keys of everything about my own learning. */
export const learningKeys = {
  all: ['learning'] as const,
  list: ['learning', 'list'] as const,
  outline: (enrolment: string) => ['learning', 'outline', enrolment] as const,
  lesson: (enrolment: string, lesson: string) => ['learning', 'lesson', enrolment, lesson] as const,
  attempt: (attempt: string) => ['learning', 'attempt', attempt] as const,
  certificates: ['learning', 'certificates'] as const,
}

/** My courses in the order of what to do first. */
export const ownEnrolments = queryOptions({
  queryKey: learningKeys.list,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/me/enrolments', { signal }))).items,
})

/** True when there is something to do now. */
export function isOpen(one: OwnEnrolment): boolean {
  return ['overdue', 'due', 'in_progress', 'to_do'].includes(one.standing)
}

/** The lesson that has to be done before one, where the course says that they are taken in their order. */
export function lockedBy(outline: Outline, lesson: string): Outline['lessons'][number] | undefined {
  const at = outline.lessons.findIndex((one) => one.id === lesson)
  if (!outline.ordered || outline.status === 'completed' || outline.lessons[at]?.state !== 'not_started')
    return undefined
  return outline.lessons.slice(0, at).find((one) => one.state !== 'done')
}

/** One course with its lessons. */
export const ownEnrolment = (id: string) =>
  queryOptions({
    queryKey: learningKeys.outline(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/me/enrolments/{id}', { params: { path: { id } }, signal })),
  })
