import type { Tone } from '@/components/StatusBadge'
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

/** 0 to 100. */
export function percentDone(one: OwnEnrolment): number {
  return percentOf(one.lessons_done, one.lessons_total)
}
