import type { Tone } from '@/components/StatusBadge'
import { daysUntil } from '@/lib/format'
import type { OwnEnrolment } from '@/lib/learning'
import { percentOf } from '@/lib/percent'

type Standing = OwnEnrolment['standing']

/** How a standing looks; its word is `standing.<standing>`. */
export const tones: Record<Standing, Tone> = {
  overdue: 'late',
  due: 'active',
  in_progress: 'active',
  to_do: 'idle',
  upcoming: 'idle',
  closed: 'out',
  done: 'good',
}

/** How much time is left, as context and count of the sentence `due`. */
export function timeLeft(
  one: OwnEnrolment,
  now?: Date,
): { context: 'today' | 'left' | 'late'; count: number } {
  const days = daysUntil(one.due_on, now)
  if (days === 0) return { context: 'today', count: 0 }
  return days > 0 ? { context: 'left', count: days } : { context: 'late', count: -days }
}

/** 0 to 100. */
export function percentDone(one: OwnEnrolment): number {
  return percentOf(one.lessons_done, one.lessons_total)
}
