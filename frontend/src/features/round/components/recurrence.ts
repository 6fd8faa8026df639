import type { Recurrence, RecurrencePlan } from '../api/recurrence'

/** How a training comes again, as it is being decided: the choices of each kind are kept while another is looked at. */
export interface RecurrenceDraft {
  kind: RecurrencePlan['kind']
  every: number
  leadDays: number
  months: number
  dueDays: number
  newQuestions: boolean
}

export const once: RecurrenceDraft = {
  kind: 'once',
  every: 12,
  leadDays: 14,
  months: 12,
  dueDays: 30,
  newQuestions: true,
}

/** The distances between rounds by the calendar, in months. */
export const distances = [12, 6, 3, 1] as const

/** What a form begins with: what holds now, or held last. */
export function draftOfRecurrence(now: Recurrence): RecurrenceDraft {
  const months = now.months || once.months
  return {
    kind: now.kind,
    every: now.next && months ? months : once.every,
    leadDays: now.next ? (now.lead_days ?? 0) : once.leadDays,
    months: now.kind === 'completion' ? months : once.months,
    dueDays: now.due_days || once.dueDays,
    newQuestions: !now.same_questions,
  }
}

/** What is sent of it. */
export function planOf(draft: RecurrenceDraft): RecurrencePlan {
  const questions = { same_questions: !draft.newQuestions }
  if (draft.kind === 'calendar')
    return { kind: 'calendar', months: draft.every, lead_days: draft.leadDays, ...questions }
  if (draft.kind === 'completion')
    return { kind: 'completion', months: draft.months, due_days: draft.dueDays, ...questions }
  return { kind: 'once' }
}

/** Whether it can be sent: numbers that a person is still typing are not. */
export function isComplete({ kind, leadDays, months, dueDays }: RecurrenceDraft): boolean {
  if (kind === 'calendar') return leadDays >= 0 && leadDays <= 90
  if (kind === 'completion') return months >= 1 && months <= 60 && dueDays >= 1 && dueDays <= 730
  return true
}

/** The months from the first to the last, also those in which nobody's turn comes, at most `most`, and how many people come after them. */
export function everyMonth(months: { month: string; people: number }[], most: number) {
  const people = new Map(months.map((one) => [one.month, one.people]))
  const shown: { month: string; people: number }[] = []
  const last = months.at(-1)?.month
  for (
    let month = months[0]?.month;
    month && last && month <= last && shown.length < most;
    month = after(month)
  )
    shown.push({ month, people: people.get(month) ?? 0 })
  const end = shown.at(-1)?.month ?? ''
  const later = months.filter((one) => one.month > end).reduce((sum, one) => sum + one.people, 0)
  return { shown, later }
}

function after(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

/** A calendar date in a sentence: 2027年4月1日, 1 April 2027. */
export function longDate(day: string, language: string): string {
  const locale = language === 'en' ? 'en-GB' : 'ja-JP'
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}
