import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheck,
  IconCircleDot,
  IconCircleMinus,
  IconCircleX,
  IconPlayerPause,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './StatusBadge.module.css'

/** What a state means for the person who reads it; the word says which state it is. */
export type Tone = 'idle' | 'active' | 'paused' | 'good' | 'bad' | 'late' | 'out'

const icons = {
  idle: IconCircle,
  active: IconCircleDot,
  paused: IconPlayerPause,
  good: IconCircleCheck,
  bad: IconCircleX,
  late: IconAlertTriangle,
  out: IconCircleMinus,
}

/** A state as icon and word; colour only repeats what both say. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={16} stroke={2} aria-hidden />
      {children}
    </span>
  )
}
