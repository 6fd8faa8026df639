import type { components } from '@/lib/api/schema'

type Round = components['schemas']['RoundBody']

/** What of a round says until when its people have time. */
export type DueOfRound = Pick<Round, 'due_rule' | 'due_days' | 'deadline_on'> &
  Partial<Pick<Round, 'due_first' | 'due_next' | 'due_last'>>

/** Whether the people of a round have days of their own by its rule, and not only by coming in late or by an extension. */
export const isRelative = ({ due_rule }: DueOfRound) => due_rule !== 'fixed'

/**
 * The day that a countdown counts to: when the next of those who are left is due, or the deadline where nobody is left or it has passed for all.
 * Nothing where everybody left is late while the round goes on.
 */
export function countdownTo(round: DueOfRound, today: string): string | undefined {
  if (round.due_next) return round.due_next
  return round.due_first === undefined || round.deadline_on < today ? round.deadline_on : undefined
}
