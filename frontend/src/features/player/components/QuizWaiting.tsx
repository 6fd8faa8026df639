import { Loader } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/lib/format'
import type { Attempt } from '@/lib/learning'
import { useOutboxState } from '@/lib/outbox/useOutbox'
import { DeedNote } from './DeedNote'
import classes from './Quiz.module.css'

/** Handed in, and not yet at the server: what happens next, and what not to do until then. */
export function QuizWaiting({ attempt, person }: { attempt: Attempt; person: string }) {
  const { t } = useTranslation('player')
  const { status } = useOutboxState(person)
  const stuck = status === 'offline' || status === 'signin'
  useWarning(stuck)
  if (!stuck)
    return (
      <p className={classes.sending} role="status">
        <Loader size="sm" aria-hidden />
        {t('quiz.sending')}
      </p>
    )
  return (
    <div className={classes.quiz}>
      <DeedNote done={false}>{t('quiz.handedIn', { context: status })}</DeedNote>
      <p>{t('quiz.handedInStay')}</p>
      {attempt.arrive_by && <p>{t('quiz.handedInBy', { date: formatDateTime(attempt.arrive_by) })}</p>}
    </div>
  )
}

/** The browser asks before it closes the page. */
function useWarning(on: boolean) {
  useEffect(() => {
    if (!on) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [on])
}
