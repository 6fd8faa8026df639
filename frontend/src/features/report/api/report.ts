import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import { employmentKinds, type ReportSearch, reportSorts, tidyReport } from '@/lib/report-search'

export type ReportRow = components['schemas']['ReportRowBody']
export type MatrixRow = components['schemas']['MatrixPersonBody']
export type MatrixRound = components['schemas']['MatrixRoundBody']
export type Cell = components['schemas']['ReportCellBody']
export type SavedView = components['schemas']['SavedViewBody']
export type Choice = components['schemas']['ReportChoiceBody']
export type ExportFormat = 'xlsx' | 'csv' | 'csv_shift_jis' | 'pdf'

/** Every change of a round changes the report too, hence `round` first. */
export const reportKeys = {
  list: (search: ReportSearch, columns: string[]) => ['round', 'report', search, columns] as const,
  matrix: (search: ReportSearch, columns: string[]) => ['round', 'report-matrix', search, columns] as const,
  count: (search: ReportSearch) => ['round', 'report-count', search] as const,
  choices: ['round', 'report-choices'] as const,
  views: ['report-views'] as const,
}

const listed = { array: { style: 'form', explode: false } } as const

/** The filter of an address as the API takes it. */
function filterOf(search: ReportSearch) {
  const { round, status, department, kind, due_from, due_to, completed_from, completed_to, q } = search
  return {
    ...(round && { round }),
    ...(status && { status }),
    ...(department && { department }),
    ...(kind && { employment_kind: kind }),
    ...(due_from && { due_from }),
    ...(due_to && { due_to }),
    ...(completed_from && { completed_from }),
    ...(completed_to && { completed_to }),
    ...(q && { q }),
  }
}

const queryOf = (search: ReportSearch, columns: string[]) => ({
  ...filterOf(search),
  column: columns,
  ...(search.sort && { sort: search.sort }),
  ...(search.descending && { descending: true }),
})

export const reportQuery = (search: ReportSearch, columns: string[]) =>
  keysetPages(reportKeys.list(search, columns), (after, signal) =>
    take(
      api.GET('/api/v1/report', {
        params: { query: { ...queryOf(search, columns), limit: 100, ...(after && { after }) } },
        querySerializer: listed,
        signal,
      }),
    ),
  )

export const matrixQuery = (search: ReportSearch, columns: string[]) =>
  infiniteQueryOptions({
    queryKey: reportKeys.matrix(search, columns),
    queryFn: ({ pageParam: after, signal }) =>
      take(
        api.GET('/api/v1/report/matrix', {
          params: { query: { ...queryOf(search, columns), limit: 50, ...(after && { after }) } },
          querySerializer: listed,
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next || undefined,
  })

export const countQuery = (search: ReportSearch) =>
  queryOptions({
    queryKey: reportKeys.count(filterOf(search)),
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/report/count', {
            params: { query: filterOf(search) },
            querySerializer: listed,
            signal,
          }),
        )
      ).total,
  })

export const choicesQuery = queryOptions({
  queryKey: reportKeys.choices,
  queryFn: ({ signal }) => take(api.GET('/api/v1/report/choices', { signal })),
})

export const viewsQuery = queryOptions({
  queryKey: reportKeys.views,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/report/views', { signal }))).items,
})

/** Saves exactly what is on the screen: filter, columns, order and form. */
export function exportReport(
  search: ReportSearch,
  columns: string[],
  format: ExportFormat,
  language: string,
) {
  return saveFile(
    api.GET('/api/v1/report/export', {
      params: {
        query: {
          ...queryOf(search, columns),
          format,
          form: search.form ?? 'list',
          language: language === 'en' ? 'en' : 'ja',
        },
      },
      querySerializer: listed,
      parseAs: 'blob',
    }),
  )
}

/** What is on the screen, as a view keeps it. */
export function viewOf(search: ReportSearch, columns: string[]): components['schemas']['ViewBody'] {
  const { employment_kind, round, status, department, ...filter } = filterOf(search)
  return {
    filter: {
      ...filter,
      ...(round && { rounds: round }),
      ...(status && { statuses: status }),
      ...(department && { departments: department }),
      ...(employment_kind && { employment_kinds: employment_kind }),
    },
    columns,
    form: search.form ?? 'list',
    ...(search.sort && { sort: search.sort }),
    ...(search.descending && { descending: true }),
  }
}

/** A kept view as an address. */
export function searchOf({ id, view }: SavedView): ReportSearch {
  const { rounds, statuses, departments, employment_kinds, ...filter } = view.filter
  return tidyReport({
    ...filter,
    round: rounds,
    status: statuses,
    department: departments,
    kind: employment_kinds?.filter((kind) => employmentKinds.includes(kind)),
    column: view.columns,
    sort: reportSorts.find((sort) => sort === view.sort && sort !== 'name'),
    descending: view.descending ? true : undefined,
    form: view.form === 'matrix' ? 'matrix' : undefined,
    view: id,
  })
}

interface ViewInput {
  name: string
  shared: boolean
  view: components['schemas']['ViewBody']
}

export function createView(input: ViewInput, key: string): Promise<SavedView> {
  return take(api.POST('/api/v1/report/views', { body: input, headers: idempotent(key) }))
}

export function updateView({ id, version }: SavedView, input: ViewInput): Promise<SavedView> {
  return take(api.PUT('/api/v1/report/views/{id}', { params: { path: { id } }, body: { ...input, version } }))
}

export async function deleteView(id: string): Promise<void> {
  await take(api.DELETE('/api/v1/report/views/{id}', { params: { path: { id } } }))
}

export async function setDefaultView(id: string | undefined): Promise<void> {
  await take(api.PUT('/api/v1/report/default-view', { body: { ...(id !== undefined && { id }) } }))
}
