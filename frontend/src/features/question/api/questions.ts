import { queryOptions } from '@tanstack/react-query'
import { type BankQuestion, bankKeys, type QuestionInput } from '@/components/question/bank'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type QuestionFigures = Schemas['QuestionFiguresBody']
export type Answered = Schemas['AnsweredBody']

const at = (id: string) => ({ params: { path: { id } } })

/** One question with the lessons that may ask it. */
export const questionQuery = (id: string) =>
  queryOptions({
    queryKey: bankKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/questions/{id}', { ...at(id), signal })),
    staleTime: 0,
    gcTime: 0, // editing begins from what stands there now
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Everything the question asked, newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: bankKeys.versions(id),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/questions/{id}/versions', { ...at(id), signal }))).items,
  })

/** How one version of a question was answered; version 0 is the newest that was asked. */
export const figuresQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: [...bankKeys.one(id), 'figures', version],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/questions/{id}/figures', { params: { path: { id }, query: { version } }, signal }),
      ),
    placeholderData: (before) => before,
  })

export function createQuestion(body: QuestionInput, key: string): Promise<BankQuestion> {
  return take(api.POST('/api/v1/questions', { headers: idempotent(key), body }))
}

export function updateQuestion(id: string, body: QuestionInput, base: number): Promise<BankQuestion> {
  return take(api.PUT('/api/v1/questions/{id}', { ...at(id), body: { ...body, base_version: base } }))
}

export function copyQuestion(id: string, key: string): Promise<BankQuestion> {
  return take(api.POST('/api/v1/questions/{id}/copy', { ...at(id), headers: idempotent(key) }))
}

export function retireQuestions(ids: string[], retired: boolean): Promise<unknown> {
  return take(api.PUT('/api/v1/questions/retired', { body: { ids, retired } }))
}
