import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { QuestionKind } from './questions'

type Schemas = components['schemas']
export type BankQuestion = Schemas['QuestionBody']
export type QuestionInput = Schemas['QuestionFields']
export type Facet = Schemas['FacetBody']

/** Which questions of the bank. */
export interface QuestionFilter {
  q?: string
  category?: string
  tag?: string[]
  difficulty?: number
  kind?: QuestionKind
  state?: 'active' | 'retired'
  id?: string[]
}

export const bankKeys = {
  all: ['question'] as const,
  list: (filter: QuestionFilter, limit: number) => ['question', 'list', filter, limit] as const,
  facets: ['question', 'facets'] as const,
  one: (id: string) => ['question', 'one', id] as const,
  versions: (id: string) => ['question', 'versions', id] as const,
}

function fetchQuestions(filter: QuestionFilter, limit: number, after?: string, signal?: AbortSignal) {
  const asked = Object.fromEntries(
    Object.entries(filter).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value)),
  )
  return take(
    api.GET('/api/v1/questions', {
      params: { query: { ...asked, limit, ...(after && { after }) } },
      querySerializer: { array: { style: 'form', explode: false } },
      ...(signal && { signal }),
    }),
  )
}

/** Questions, newest first, page by page. */
export const questionPages = (filter: QuestionFilter) =>
  keysetPages(bankKeys.list(filter, 100), (after, signal) => fetchQuestions(filter, 100, after, signal))

/** The first questions that match, and how many there are in all. */
export const firstQuestions = (filter: QuestionFilter, limit: number) =>
  queryOptions({
    queryKey: [...bankKeys.list(filter, limit), 'first'],
    queryFn: ({ signal }) => fetchQuestions(filter, limit, undefined, signal),
    placeholderData: (before) => before,
  })

/** The categories and tags that are in use. */
export const facetsQuery = queryOptions({
  queryKey: bankKeys.facets,
  queryFn: ({ signal }) => take(api.GET('/api/v1/question-facets', { signal })),
})

/** The categories that are in use and those above them, in the order of their paths. */
export function categoryPaths(facets: Facet[] | undefined): string[] {
  const paths = new Set<string>()
  for (const { name } of facets ?? []) {
    const parts = name.split('/')
    for (let n = 1; n <= parts.length; n++) paths.add(parts.slice(0, n).join('/'))
  }
  paths.delete('')
  return [...paths].sort((a, b) => a.localeCompare(b, 'ja'))
}
