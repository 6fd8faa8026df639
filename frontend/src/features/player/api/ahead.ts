import type { QueryClient } from '@tanstack/react-query'
import { ownEnrolment } from '@/lib/learning'
import { openDatabase } from '@/lib/outbox/store'
import { sessionQuery } from '@/lib/session'
import { ownLesson } from './lesson'

/**
 * Asks for a lesson that is being opened while the player itself is still on its way, so that neither waits for the other. Only when somebody who may use the
 * page is logged in: everybody else is asked to log in first, or for what is demanded. Whatever fails here the page asks for again, and tells.
 */
export async function askAhead(client: QueryClient, enrolment: string, lesson: string): Promise<void> {
  void openDatabase() // the lesson is asked for after what a closed tab left in it
  const session = await client.fetchQuery(sessionQuery)
  if (!session || session.must_change_password || session.must_enrol) return
  if (!session.permissions.includes('learning:own')) return
  void client.prefetchQuery(ownLesson(enrolment, lesson, session.person.id))
  const outline = await client.fetchQuery(ownEnrolment(enrolment))
  if (outline.lessons.find((one) => one.id === lesson)?.kind === 'video')
    await import('../components/VideoLesson')
}
