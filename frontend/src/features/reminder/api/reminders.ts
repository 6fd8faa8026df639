import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Plan = components['schemas']['ReminderPlanBody']
export type Setting = components['schemas']['ReminderSettingBody']
export type Template = components['schemas']['ReminderTemplateBody']
export type Words = components['schemas']['ReminderWordsBody']
export type Forecast = components['schemas']['ForecastBody']
export type ForecastPerson = components['schemas']['ForecastPersonBody']

/** The kinds of reminder in the order in which people get them, and the languages they are written in. */
export const kinds = ['assigned', 'before', 'today', 'after'] as const
export type Kind = (typeof kinds)[number]
export const languages = ['ja', 'en'] as const
export type Language = (typeof languages)[number]

export const reminderKeys = {
  all: ['reminder'] as const,
  templates: ['reminder', 'templates'] as const,
  forecast: (round: string) => ['reminder', 'forecast', round] as const,
  round: (id: string) => ['reminder', 'round', id] as const,
}

export const settingQuery = queryOptions({
  queryKey: ['reminder', 'setting'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/reminders/setting', { signal })),
})

export function setSetting(body: Setting): Promise<Setting> {
  return take(api.PUT('/api/v1/reminders/setting', { body }))
}

export const templatesQuery = queryOptions({
  queryKey: reminderKeys.templates,
  queryFn: ({ signal }) => take(api.GET('/api/v1/reminders/templates', { signal })),
})

export function setTemplate(kind: Kind, language: Language, body: Words) {
  return take(
    api.PUT('/api/v1/reminders/templates/{kind}/{language}', { params: { path: { kind, language } }, body }),
  )
}

export function resetTemplate(kind: Kind, language: Language) {
  return take(
    api.DELETE('/api/v1/reminders/templates/{kind}/{language}', { params: { path: { kind, language } } }),
  )
}

/** Words as somebody would get them; what is wrong with them is a problem with fields. */
export const previewQuery = (kind: Kind, language: Language, words: Words, person: string) =>
  queryOptions({
    queryKey: ['reminder', 'preview', kind, language, words, person] as const,
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/reminders/templates/preview', {
          body: { kind, language, words, ...(person && { person_id: person }) },
          signal,
        }),
      ),
    retry: false,
  })

export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['reminder', 'people', q] as const,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/people', { params: { query: { q, limit: 20 } }, signal }))).items ?? [],
  })

export const departmentsQuery = queryOptions({
  queryKey: ['reminder', 'departments'] as const,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/departments', { signal }))).items ?? [],
})

/** What will go out in the next 30 days; of one round, or of all ('' ). */
export const forecastQuery = (round: string) =>
  queryOptions({
    queryKey: reminderKeys.forecast(round),
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/reminders/forecast', { params: { query: round ? { round } : {} }, signal }),
        )
      ).items,
  })

export const forecastPeopleQuery = (id: string, day: string) =>
  keysetPages(['reminder', 'forecast', 'people', id, day], (after, signal) =>
    take(
      api.GET('/api/v1/rounds/{id}/reminders/people', {
        params: { path: { id }, query: { day, ...(after && { after }) } },
        signal,
      }),
    ),
  )

export const roundQuery = (id: string) =>
  queryOptions({
    queryKey: ['reminder', 'round', id, 'title'] as const,
    queryFn: ({ signal }) => take(api.GET('/api/v1/rounds/{id}', { params: { path: { id } }, signal })),
  })

export const roundRemindersQuery = (id: string) =>
  queryOptions({
    queryKey: reminderKeys.round(id),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/rounds/{id}/reminders', { params: { path: { id } }, signal })),
  })

export function setRoundPlan(id: string, body: Plan) {
  return take(api.PUT('/api/v1/rounds/{id}/reminders', { params: { path: { id } }, body }))
}

export function resetRoundPlan(id: string) {
  return take(api.DELETE('/api/v1/rounds/{id}/reminders', { params: { path: { id } } }))
}

export interface NoticeChoice {
  department: string
  everybody: boolean
  layout: 'many' | 'one'
}

export function printNotices(id: string, choice: NoticeChoice, language: string): Promise<void> {
  return saveFile(
    api.GET('/api/v1/rounds/{id}/notices', {
      params: {
        path: { id },
        query: {
          layout: choice.layout,
          language: language === 'en' ? 'en' : 'ja',
          ...(choice.everybody && { everybody: true }),
          ...(choice.department && { department: choice.department }),
        },
      },
      parseAs: 'blob',
    }),
  )
}
