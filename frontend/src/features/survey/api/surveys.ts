import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'

export type Survey = components['schemas']['RoundSurveyBody']
export type QuestionResult = components['schemas']['SurveyQuestionBody']

/** What was answered to one of them, counted. */
export const surveyQuery = (round: string, lesson: string) =>
  queryOptions({
    queryKey: ['survey', round, lesson] as const,
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/rounds/{id}/surveys/{lesson}', { params: { path: { id: round, lesson } }, signal }),
      ),
  })

/** The answers, a line for everybody. */
export function exportSurvey(
  round: string,
  lesson: string,
  format: 'xlsx' | 'csv',
  language: string,
): Promise<void> {
  return saveFile(
    api.GET('/api/v1/rounds/{id}/surveys/{lesson}/export', {
      params: {
        path: { id: round, lesson },
        query: { format, language: language === 'en' ? 'en' : 'ja' },
      },
      parseAs: 'blob',
    }),
  )
}
