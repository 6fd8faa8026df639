import { filterable, type StatusFilter } from './enrolment-filter'

/** How a person is employed, as the API names it. */
export const employmentKinds = ['employee', 'officer', 'part_time', 'contract', 'dispatched'] as const
export type EmploymentKind = (typeof employmentKinds)[number]

/** The orders of the report that an index serves. */
export const reportSorts = ['name', 'login_id', 'due_on', 'completed_on'] as const
export type ReportSort = (typeof reportSorts)[number]

/** What the report shows; it stands in the address, so that a figure can open the list behind it and a link can be sent. */
export interface ReportSearch {
  round?: string[]
  status?: StatusFilter[]
  department?: string[]
  kind?: EmploymentKind[]
  due_from?: string
  due_to?: string
  completed_from?: string
  completed_to?: string
  q?: string
  column?: string[]
  sort?: ReportSort
  descending?: true
  form?: 'matrix'
  view?: string
}

const isID = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
const isColumn = (value: unknown): value is string =>
  typeof value === 'string' && (/^[a-z_]{1,30}$/.test(value) || isID(value.replace(/^field:/, '')))
const isOne =
  <T extends string>(all: readonly T[]) =>
  (value: unknown): value is T =>
    all.some((one) => one === value)

function several<T>(value: unknown, is: (value: unknown) => value is T, most = 100): T[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter(is)
  return list.length > 0 ? [...new Set(list)].slice(0, most) : undefined
}

function one<T>(value: unknown, is: (value: unknown) => value is T): T | undefined {
  return is(value) ? value : undefined
}

/** Leaves out what is not set, so that the address stays short. */
export function tidyReport(
  search: { [Key in keyof ReportSearch]: ReportSearch[Key] | undefined },
): ReportSearch {
  const set = Object.entries(search).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(set)
}

/** Reads what to show from an address somebody may have typed or changed. */
export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  return tidyReport({
    round: several(search.round, isID),
    status: several(search.status, isOne(filterable)),
    department: several(search.department, isID),
    kind: several(search.kind, isOne(employmentKinds)),
    due_from: one(search.due_from, isDay),
    due_to: one(search.due_to, isDay),
    completed_from: one(search.completed_from, isDay),
    completed_to: one(search.completed_to, isDay),
    q: typeof search.q === 'string' ? search.q.slice(0, 100) : undefined,
    column: several(search.column, isColumn, 40),
    sort: one(search.sort, isOne(reportSorts)),
    descending: search.descending === true || search.descending === 'true' ? true : undefined,
    form: search.form === 'matrix' ? 'matrix' : undefined,
    view: one(search.view, isID),
  })
}

/** Whether the list is narrowed down at all. */
export function isNarrowed(search: ReportSearch): boolean {
  const {
    column: _column,
    sort: _sort,
    descending: _descending,
    form: _form,
    view: _view,
    ...filter
  } = search
  return Object.keys(filter).length > 0
}
