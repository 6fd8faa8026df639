import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type MoodleImport = Schemas['MoodleImportBody']
export type MoodlePlan = Schemas['MoodlePlanBody']
export type MoodleLesson = Schemas['MoodleLessonBody']
export type MoodleLeft = Schemas['MoodleLeftBody']

export const moodleKeys = {
  all: ['moodle-import'] as const,
  lists: () => [...moodleKeys.all, 'list'] as const,
  one: (id: string) => [...moodleKeys.all, 'one', id] as const,
}

const at = (id: string) => ({ params: { path: { id } } })

/** Whether the server is at work for it. */
export const working = (found: MoodleImport | undefined) =>
  found?.state === 'applying' || (found?.state === 'checking' && !found.stuck)

/** Every backup and what became of it. */
export const importsQuery = () =>
  keysetPages(moodleKeys.lists(), (after, signal) =>
    take(api.GET('/api/v1/moodle-imports', { params: { query: { ...(after && { after }) } }, signal })),
  )

/** One backup with what comes of it; asked again every second while the server reads or applies it. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: moodleKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/moodle-imports/{id}', { ...at(id), signal })),
    refetchInterval: (query) => (working(query.state.data?.import) ? 1000 : false),
  })

/** Has a draft course made of a checked backup. */
export function applyImport(id: string, title: string, language: 'ja' | 'en'): Promise<MoodleImport> {
  return take(api.POST('/api/v1/moodle-imports/{id}/apply', { ...at(id), body: { title, language } }))
}
