import { lazy, Suspense, useSyncExternalStore } from 'react'
import { proofGiven, stepUp } from '@/lib/api/step-up'
import { loadTexts } from '../texts'

const StepUpDialog = lazy(async () => {
  const [dialog] = await Promise.all([import('@/features/auth/components/StepUpDialog'), loadTexts('auth')])
  return { default: dialog.StepUpDialog }
})

/** Asks for a fresh proof wherever the person is; its code is fetched when it is first needed. */
export function StepUp() {
  const methods = useSyncExternalStore(stepUp.subscribe, stepUp.current)
  if (!methods) return null
  return (
    <Suspense>
      <StepUpDialog methods={methods} onProved={() => proofGiven(true)} onDecline={() => proofGiven(false)} />
    </Suspense>
  )
}
