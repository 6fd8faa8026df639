import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'
import type { Format } from './records'

export type YearRecord = components['schemas']['YearRecord']
export type IssuedYear = components['schemas']['IssuedYearBody']

export const yearKeys = {
  all: ['training-year'] as const,
  years: ['training-year', 'list'] as const,
  preview: (year: number) => ['training-year', 'preview', year] as const,
  issued: (year: number) => ['training-year', 'issued', year] as const,
}

/** The fiscal years, the latest first, and the month with which one begins. */
export const yearsQuery = queryOptions({
  queryKey: yearKeys.years,
  queryFn: ({ signal }) => take(api.GET('/api/v1/training-years', { signal })),
})

/** What a record of the year issued now would say. */
export const yearPreviewQuery = (year: number) =>
  queryOptions({
    queryKey: yearKeys.preview(year),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/training-years/{year}/preview', { params: { path: { year } }, signal })),
  })

/** What was issued of the year before. */
export const yearIssuedQuery = (year: number) =>
  queryOptions({
    queryKey: yearKeys.issued(year),
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/training-years/{year}/records', { params: { path: { year } }, signal })))
        .items,
  })

/** Issues the record of the year as it stands; the same state is one issue. */
export function issueYear(year: number): Promise<IssuedYear> {
  return take(api.POST('/api/v1/training-years/{year}/records', { params: { path: { year } } }))
}

/** Sets the month with which the fiscal year begins. */
export function setFirstMonth(month: number): Promise<unknown> {
  return take(api.PUT('/api/v1/training-years/first-month', { body: { first_month: month } }))
}

/** Saves an issued year record. */
export function saveYear(id: string, format: Format, language: string): Promise<void> {
  const query = { format, language: language === 'en' ? ('en' as const) : ('ja' as const) }
  return saveFile(api.GET('/api/v1/year-records/{id}', { params: { path: { id }, query }, parseAs: 'blob' }))
}
