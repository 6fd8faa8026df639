/** Every column the report knows, in the order they are offered; own fields follow. */
export const allColumns = [
  'name',
  'name_kana',
  'login_id',
  'employee_number',
  'departments',
  'employment_kind',
  'round',
  'course',
  'status',
  'due_on',
  'lessons',
  'score',
  'started_on',
  'completed_on',
  'last_activity',
  'spent',
  'attempts',
  'certificate',
  'reason',
  'basis',
] as const

const usual = ['name', 'departments', 'round', 'status', 'due_on', 'completed_on', 'score']
const place = 'kenshu.report.columns'

/** The columns that were shown last on this device, or the usual ones. */
export function rememberedColumns(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? 'null')
    if (Array.isArray(kept)) {
      const columns = kept.filter((one) => typeof one === 'string').filter(isColumn)
      if (columns.length > 0) return [...new Set(columns)]
    }
  } catch {
    // what cannot be read is as good as nothing
  }
  return usual
}

/** Remembers the columns on this device. */
export function rememberColumns(columns: string[]): void {
  try {
    localStorage.setItem(place, JSON.stringify(columns))
  } catch {
    // a full or forbidden store: the choice holds until the page is left
  }
}

function isColumn(name: string): boolean {
  return allColumns.some((one) => one === name) || /^field:[0-9a-f-]{36}$/.test(name)
}

/** Moves one of a list by a step, within the list. */
export function moved(list: string[], name: string, step: 1 | -1): string[] {
  const from = list.indexOf(name)
  const to = from + step
  if (from < 0 || to < 0 || to >= list.length) return list
  const next = list.filter((one) => one !== name)
  next.splice(to, 0, name)
  return next
}
