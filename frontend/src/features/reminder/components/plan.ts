import type { Forecast, Plan } from '../api/reminders'

/** At most so many mails to one person about one round; at assignment counts too. */
export const maxReminders = 5

/** How many mails a plan sends at most. */
export const mailsOf = (plan: Plan): number => plan.days.length + (plan.at_assignment ? 1 : 0)

/** The plan with one more day before (negative), on (0) or after the due day; in order, each once. */
export function withDay(plan: Plan, day: number): Plan {
  return { ...plan, days: [...new Set([...plan.days, day])].sort((a, b) => a - b) }
}

export function withoutDay(plan: Plan, day: number): Plan {
  return { ...plan, days: plan.days.filter((one) => one !== day) }
}

/** What is wrong with a day somebody wants to add: a key, or nothing. */
export function dayProblem(plan: Plan, day: number): 'full' | 'twice' | 'far' | undefined {
  if (mailsOf(plan) >= maxReminders) return 'full'
  if (plan.days.includes(day)) return 'twice'
  if (!Number.isInteger(day) || Math.abs(day) > 90) return 'far'
  return undefined
}

/** Whether a mail goes out on another day than the plan has it, because only working days count. */
export function isMoved({ kind, left, planned }: Pick<Forecast, 'kind' | 'left' | 'planned'>): boolean {
  return kind !== 'assigned' && left !== undefined && planned !== undefined && planned !== -left
}

/** Where a placeholder goes into a text: the text with it, and where the cursor stands after it. */
export function insertAt(text: string, name: string, start: number, end: number): [string, number] {
  const word = `{{${name}}}`
  return [text.slice(0, start) + word + text.slice(end), start + word.length]
}
