import { sessionQuery } from '@/lib/session'
import { queryClient } from './providers'

/** Has a lesson come while its page does. Never for a page that is only fetched ahead: opening a lesson is recorded. */
export function lessonAhead(enrolment: string, lesson: string): void {
  import('@/features/player/pages/PlayerPage')
    .then((player) => player.openAhead(queryClient, enrolment, lesson))
    .catch(() => undefined) // the page asks for it again
}

/** Asks, before anything is drawn, for what the address will need in any case: who is logged in, and the lesson with its player. */
export function startAhead(path: string): void {
  void queryClient.prefetchQuery(sessionQuery)
  const [, enrolment, lesson] = /^\/learn\/([0-9a-f-]{36})\/([0-9a-f-]{36})$/.exec(path) ?? []
  if (enrolment && lesson) lessonAhead(enrolment, lesson)
}
