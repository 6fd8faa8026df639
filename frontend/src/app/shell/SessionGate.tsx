import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { ErrorState } from '@/components/ErrorState'
import { PageSkeleton } from '@/components/Skeletons'
import { begin, sessionEnd } from '@/lib/api/session-end'
import { type Session, sessionQuery } from '@/lib/session'
import { loadTexts } from '../texts'
import { IdleWarning } from './IdleWarning'
import { StepUp } from './StepUp'
import { signedIn } from './signed-in'

const LoginPage = lazy(async () => {
  const [page] = await Promise.all([import('@/features/auth/pages/LoginPage'), loadTexts('auth')])
  return { default: page.LoginPage }
})
const FirstPasswordPage = lazy(async () => {
  const [page] = await Promise.all([import('@/features/auth/pages/FirstPasswordPage'), loadTexts('auth')])
  return { default: page.FirstPasswordPage }
})

const EnrolPage = lazy(async () => {
  const [page] = await Promise.all([import('@/features/security/pages/EnrolPage'), loadTexts('security')])
  return { default: page.EnrolPage }
})

function personKey(session: Session) {
  return `${session.organisation.code}/${session.person.id}`
}

/**
 * Shows its children to somebody who is logged in and asks everybody else to log in, at the same address, so that
 * nobody is sent around. When the session ends, or something is demanded first, the children stay as they are, hidden, with all that was typed.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery)
  const isEnded = useSyncExternalStore(sessionEnd.subscribe, sessionEnd.current)
  const present = Boolean(session.data)
  const [shown, setShown] = useState('')
  const key = session.data ? personKey(session.data) : ''
  const open = Boolean(session.data && !session.data.must_change_password && !session.data.must_enrol)
  useEffect(() => {
    if (open) setShown(key)
  }, [open, key])
  useEffect(() => {
    if (present) begin()
  }, [present])

  if (session.isPending) return <PageSkeleton />
  if (session.data === undefined) {
    return (
      <main>
        <ErrorState error={session.error} onRetry={() => session.refetch()} page />
      </main>
    )
  }
  return (
    <Suspense fallback={<PageSkeleton />}>
      {session.data === null && <LoginPage onSignedIn={signedIn} />}
      {session.data?.must_change_password && <FirstPasswordPage session={session.data} />}
      {session.data?.must_enrol && !session.data.must_change_password && <EnrolPage />}
      {session.data && (open || shown === key) && (
        <div key={key} hidden={isEnded || !open} inert={isEnded || !open}>
          {children}
        </div>
      )}
      {session.data && !isEnded && <StepUp />}
      {session.data && !isEnded && <IdleWarning idleSeconds={session.data.idle_seconds} />}
      {session.data && isEnded && <LoginPage onSignedIn={signedIn} again={session.data} />}
    </Suspense>
  )
}
