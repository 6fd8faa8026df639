import type { ReactNode } from 'react'
import { usePageTitle } from '@/lib/page-title'
import { LanguageSwitch } from './LanguageSwitch'
import classes from './OpenPage.module.css'
import { Wordmark } from './Wordmark'

interface OpenPageProps {
  title: string
  /** How wide the content may be, in rem. */
  width: number
  children: ReactNode
}

/** The frame of a page that is open to everybody, without log-in and without the menu. */
export function OpenPage({ title, width, children }: OpenPageProps) {
  usePageTitle(title)
  return (
    <div className={classes.page}>
      <header className={`${classes.head} no-print`}>
        <Wordmark />
        <LanguageSwitch />
      </header>
      <main className={classes.main} style={{ maxWidth: `${width}rem` }}>
        <h1 className={classes.title}>{title}</h1>
        {children}
      </main>
    </div>
  )
}
