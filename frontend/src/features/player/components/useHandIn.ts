import type { Attempt } from '@/lib/learning'
import { handInPath } from '../api/lesson'
import type { useAnswers } from './useAnswers'
import { useDeed } from './useDeed'

/** Hands in an attempt with the answers of this page, at once or when there is a network again. The result comes to the page as its data. */
export function useHandIn(attempt: Attempt, person: string, given: ReturnType<typeof useAnswers>['given']) {
  const { state, send } = useDeed(person, handInPath(attempt.id), false)
  const handIn = () => {
    // What is being typed becomes an answer when its field is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    void send({ now: 0, answers: given() })
  }
  return { state, handIn }
}
