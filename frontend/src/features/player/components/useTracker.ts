import { useEffect, useState } from 'react'
import type { LearnerLesson } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'
import { Tracker } from '../api/tracker'

/** Tracks a lesson while it is on the screen; what is noted goes to the outbox, also when the page is closed. */
export function useTracker(person: string, lesson: LearnerLesson): Tracker {
  const enrolment = lesson.enrolment.id
  const [tracker] = useState(
    () =>
      new Tracker({ enrolment, lesson: lesson.id }, lesson.progress.position, (report) => {
        void outboxOf(person).progress(report)
      }),
  )
  useEffect(() => {
    const sign = () => tracker.sign()
    const visibility = () => {
      if (document.visibilityState === 'visible') return tracker.sign()
      tracker.pause()
      leave()
    }
    const leave = () => {
      const report = tracker.take()
      if (report) outboxOf(person).last(report)
    }
    const signs = ['pointerdown', 'keydown', 'scroll', 'touchmove'] as const
    for (const one of signs) addEventListener(one, sign, { passive: true, capture: true })
    document.addEventListener('visibilitychange', visibility)
    addEventListener('pagehide', leave)
    tracker.start()
    return () => {
      for (const one of signs) removeEventListener(one, sign, { capture: true })
      document.removeEventListener('visibilitychange', visibility)
      removeEventListener('pagehide', leave)
      tracker.stop()
    }
  }, [tracker, person])
  return tracker
}
