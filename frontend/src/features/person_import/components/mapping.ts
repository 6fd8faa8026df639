import type { ImportForm, ImportMapping } from '../api/imports'

/** The fields that a column can be, in the order of the choice. */
export const targets = [
  'name',
  'name_family',
  'name_given',
  'name_kana',
  'kana_family',
  'kana_given',
  'employee_number',
  'login_id',
  'email',
  'departments',
  'employment_kind',
  'joined_on',
] as const

/** What is being chosen. */
export interface Draft {
  targets: string[]
  words: Record<string, string>
  key: ImportMapping['key']
}

export interface Problem {
  key: 'needName' | 'bothNames' | 'twice' | 'needKey'
  target: string
}

/** The name that Excel shows for a column counted from 0: A, B, … Z, AA. */
export function columnName(column: number): string {
  let name = ''
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name
  }
  return name
}

export function initialDraft(form: ImportForm): Draft {
  return {
    targets: (form.columns ?? []).map((column) => column.target),
    words: Object.fromEntries((form.words ?? []).map((word) => [word.text, word.kind])),
    key: form.key,
  }
}

/** What the server would refuse, told before it is sent. */
export function problemsOf(draft: Draft): Problem[] {
  const has = (target: string) => draft.targets.includes(target)
  const problems: Problem[] = []
  if (!has('name') && !has('name_family')) problems.push({ key: 'needName', target: 'name' })
  if (has('name') && has('name_family')) problems.push({ key: 'bothNames', target: 'name' })
  const twice = draft.targets.find(
    (target, i) => target !== '' && target !== 'departments' && draft.targets.indexOf(target) !== i,
  )
  if (twice) problems.push({ key: 'twice', target: twice })
  if (draft.key !== 'either' && !has(draft.key)) problems.push({ key: 'needKey', target: draft.key })
  return problems
}

/** What is said of a word that means no kind of employment: its rows will be wrong. */
export const noKind = 'none'

/** The words for kinds of employment about which nobody has said anything yet. */
export function wordsOpen(form: ImportForm, draft: Draft): string[] {
  if (!draft.targets.includes('employment_kind')) return []
  return (form.words ?? []).map(({ text }) => text).filter((text) => !draft.words[text])
}

export function mappingOf(form: ImportForm, draft: Draft): ImportMapping {
  const words: NonNullable<ImportMapping['words']> = []
  for (const { text } of form.words ?? []) {
    const kind = draft.words[text]
    if (
      kind === 'employee' ||
      kind === 'officer' ||
      kind === 'part_time' ||
      kind === 'contract' ||
      kind === 'dispatched'
    )
      words.push({ text, kind })
  }
  const columns = (form.columns ?? []).map((column, i) => ({
    heading: column.heading,
    target: draft.targets[i] ?? '',
  }))
  return { columns, words, key: draft.key }
}
