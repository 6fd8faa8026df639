import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { newKey } from '@/lib/api/idempotency-key'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import { courseKeys } from './courses'

type Schemas = components['schemas']
export type Lesson = Schemas['LessonBody']
export type LessonEntry = Schemas['LessonEntry']
export type LessonKind = Lesson['kind']
export type Body = Schemas['Body']
export type PageBody = Schemas['PageBody']
export type VideoBody = Schemas['VideoBody']
export type PdfBody = Schemas['PDFBody']
export type PackageBody = Schemas['PackageBody']
export type SurveyBody = Schemas['SurveyBody']
export type SurveyQuestion = Schemas['SurveyQuestion']
export type PledgeBody = Schemas['PledgeBody']
export type QuizBody = Schemas['QuizBody']
export type Question = Schemas['Question']
export type Choice = Schemas['Choice']
export type Caption = Schemas['Caption']

export const lessonKinds: LessonKind[] = [
  'page',
  'video',
  'audio',
  'pdf',
  'quiz',
  'package',
  'survey',
  'pledge',
]

const at = (id: string) => ({ params: { path: { id } } })

/** The lessons of a course in order, without what is in them. */
export const lessonsQuery = (course: string) =>
  queryOptions({
    queryKey: courseKeys.lessons(course),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/courses/{id}/lessons', { ...at(course), signal }))).items,
  })

/** One lesson as it stands at the server; what is being typed lives in the LessonSaver. */
export const lessonQuery = (id: string) =>
  queryOptions({
    queryKey: courseKeys.lesson(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/lessons/{id}', { ...at(id), signal })),
    staleTime: 0,
    gcTime: 0, // opening a lesson again must begin from what stands there now
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Everything that was saved of a lesson, newest first. */
export const revisionsQuery = (lesson: string) =>
  keysetPages(courseKeys.revisions(lesson), (after, signal) =>
    take(
      api.GET('/api/v1/lessons/{id}/revisions', {
        params: { path: { id: lesson }, query: { limit: 50, ...(after && { after }) } },
        signal,
      }),
    ),
  )

/** One saved state. */
export const revisionQuery = (lesson: string, version: number) =>
  queryOptions({
    queryKey: courseKeys.revision(lesson, version),
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/lessons/{id}/revisions/{version}', {
          params: { path: { id: lesson, version } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })

export function addLesson(course: string, kind: LessonKind, title: string, after?: string): Promise<Lesson> {
  return take(
    api.POST('/api/v1/courses/{id}/lessons', {
      ...at(course),
      headers: idempotent(newKey()),
      body: { kind, title, ...(after && { after }) },
    }),
  )
}

export interface Save {
  title: string
  body: Body
  base_version: number
  client_save_id: string
}

export function saveLesson(id: string, save: Save): Promise<Lesson> {
  return take(api.PUT('/api/v1/lessons/{id}', { ...at(id), body: save }))
}

export function orderLessons(course: string, lessons: string[]): Promise<unknown> {
  return take(api.PUT('/api/v1/courses/{id}/lesson-order', { ...at(course), body: { lessons } }))
}

export function deleteLesson(id: string): Promise<unknown> {
  return take(api.DELETE('/api/v1/lessons/{id}', at(id)))
}

export function restoreLesson(id: string): Promise<Lesson> {
  return take(api.POST('/api/v1/lessons/{id}/restore', at(id)))
}

export function duplicateLesson(id: string, title: string): Promise<Lesson> {
  return take(
    api.POST('/api/v1/lessons/{id}/duplicate', { ...at(id), headers: idempotent(newKey()), body: { title } }),
  )
}
