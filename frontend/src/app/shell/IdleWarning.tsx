import { lazy, Suspense, useEffect, useState } from 'react'
import { lastAnswered } from '@/lib/api/last-answer'
import { loadTexts } from '../texts'

const IdleDialog = lazy(async () => {
  const [dialog] = await Promise.all([import('@/features/auth/components/IdleDialog'), loadTexts('auth')])
  return { default: dialog.IdleDialog }
})

/** The server counts from up to a minute earlier than the page knows; somebody has two minutes to answer (WCAG 2.2.1 asks for 20 seconds). */
const before = 3 * 60_000

/** Warns before the session ends for want of use, and lets it go on with one press. */
export function IdleWarning({ idleSeconds }: { idleSeconds: number }) {
  const [end, setEnd] = useState<number>()
  useEffect(() => {
    const look = () => {
      const then = lastAnswered() + idleSeconds * 1000
      setEnd(lastAnswered() > 0 && Date.now() > then - before ? then - 60_000 : undefined)
    }
    const timer = setInterval(look, 10_000)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [idleSeconds])
  if (end === undefined) return null
  return (
    <Suspense>
      <IdleDialog end={end} onDone={() => setEnd(undefined)} />
    </Suspense>
  )
}
