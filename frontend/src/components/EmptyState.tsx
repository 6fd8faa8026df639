import { IconInbox } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import classes from './States.module.css'

interface EmptyStateProps {
  /** What would be here. */
  title: string
  /** What it is for and the first step. */
  text?: ReactNode
  /** The first step as a button. */
  action?: ReactNode
  icon?: ComponentType<{ size?: number | string; stroke?: number; 'aria-hidden'?: boolean }>
  /** h1 where the state is the whole page. */
  heading?: 'h1' | 'h2' | 'h3'
}

/** A place that is empty: what it is for and how to begin. */
export function EmptyState({
  title,
  text,
  action,
  icon: Icon = IconInbox,
  heading: Heading = 'h2',
}: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.mark}>
        <Icon size={28} stroke={1.5} aria-hidden />
      </span>
      <Heading className={classes.title}>{title}</Heading>
      {text && <div className={classes.text}>{text}</div>}
      {action && <div className={classes.actions}>{action}</div>}
    </div>
  )
}
