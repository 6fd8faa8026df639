import type { ReactNode } from 'react'
import { LanguageSwitch } from '@/components/LanguageSwitch'
import { Wordmark } from '@/components/Wordmark'
import { usePageTitle } from '@/lib/page-title'
import classes from './AuthFrame.module.css'

interface AuthFrameProps {
  title: string
  /** Why this page is shown. */
  intro: ReactNode
  children: ReactNode
  /** Below the card: where to ask. */
  help?: ReactNode
  /** Beside the language: a way out. */
  tools?: ReactNode
}

/** One card in the middle: log-in and first password. */
export function AuthFrame({ title, intro, children, help, tools }: AuthFrameProps) {
  usePageTitle(title)
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Wordmark />
        <div className={classes.tools}>
          <LanguageSwitch />
          {tools}
        </div>
      </header>
      <main className={classes.main}>
        <div className={classes.card}>
          <h1 className={classes.title}>{title}</h1>
          <div className={classes.intro}>{intro}</div>
          {children}
        </div>
        {help && <div className={classes.help}>{help}</div>}
      </main>
    </div>
  )
}
