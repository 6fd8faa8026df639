import { daysUntil } from './format'

/** How much time is left until a day, as context and count of the common sentence `due`. */
export interface DaysLeft {
  context: 'today' | 'left' | 'late'
  count: number
}

/**
 * The one way in which pages count days: calendar days in the association's time zone, nothing left on the day itself. Reminders count by the same rule
 * (`tenant.DaysBetween`); both are held by `days-left.json`.
 */
export function daysLeft(due: string, now?: Date): DaysLeft {
  const days = daysUntil(due, now)
  if (days === 0) return { context: 'today', count: 0 }
  return days > 0 ? { context: 'left', count: days } : { context: 'late', count: -days }
}
