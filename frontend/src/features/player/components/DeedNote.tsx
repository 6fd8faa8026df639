import { IconCircleCheckFilled, IconCloudOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './Survey.module.css'

/** What became of what was sent, said once it happens. */
export function DeedNote({ done, children }: { done: boolean; children: ReactNode }) {
  const Icon = done ? IconCircleCheckFilled : IconCloudOff
  return (
    <p className={classes.note} data-done={done || undefined} role="status">
      <Icon size={22} aria-hidden />
      <span>{children}</span>
    </p>
  )
}
