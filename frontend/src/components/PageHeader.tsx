import type { ReactNode } from 'react'
import { usePageTitle } from '@/lib/page-title'
import classes from './PageHeader.module.css'

interface PageHeaderProps {
  /** Says where I am; also names the browser tab. */
  title: string
  /** One or two sentences on what this page is for. */
  description?: ReactNode
  /** The one main action of the page. */
  action?: ReactNode
  /** The way back up: a link, shown above the title. */
  back?: ReactNode
}

/** The head of every page. */
export function PageHeader({ title, description, action, back }: PageHeaderProps) {
  usePageTitle(title)
  return (
    <div className={classes.header}>
      <div className={classes.words}>
        {back && <div className={classes.back}>{back}</div>}
        <h1 className={classes.title}>{title}</h1>
        {description && <div className={classes.description}>{description}</div>}
      </div>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
