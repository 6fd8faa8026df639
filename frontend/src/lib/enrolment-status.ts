import type { Tone } from '@/components/StatusBadge'

/** Where one person stands in one round, as the API names it. */
export type EnrolmentStatus =
  | 'not_started'
  | 'in_progress'
  | 'interrupted'
  | 'failed'
  | 'completed'
  | 'exempt'
  | 'withdrawn'

const tones: Record<EnrolmentStatus, Tone> = {
  not_started: 'idle',
  in_progress: 'active',
  interrupted: 'paused',
  failed: 'bad',
  completed: 'good',
  exempt: 'out',
  withdrawn: 'out',
}

/** What a status means for the manager who reads it. */
export function toneOf(status: EnrolmentStatus): Tone {
  return tones[status]
}
