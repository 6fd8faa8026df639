import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { type Attempt, learningKeys } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'

/** How long opening waits for what a closed tab left on the device, so that one goes on at the very place. */
const settling = 2000

/** A lesson with fresh links. Never fetched ahead: opening it is recorded. */
export const ownLesson = (enrolment: string, lesson: string, person: string) =>
  queryOptions({
    queryKey: learningKeys.lesson(enrolment, lesson),
    queryFn: async ({ signal }) => {
      await outboxOf(person).settle(settling)
      return take(
        api.GET('/api/v1/me/enrolments/{id}/lessons/{lesson}', {
          params: { path: { id: enrolment, lesson } },
          signal,
        }),
      )
    },
    staleTime: 60 * 60 * 1000, // links open for hours; a new one would begin the video anew
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** An attempt with the answers given so far. */
export const ownAttempt = (id: string, person: string) =>
  queryOptions({
    queryKey: learningKeys.attempt(id),
    queryFn: async ({ signal }) => {
      await outboxOf(person).settle(settling)
      return take(api.GET('/api/v1/me/attempts/{id}', { params: { path: { id } }, signal }))
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Opens a package lesson: every opening of the page is a launch of its own. */
export const ownLaunch = (enrolment: string, lesson: string, person: string, key: string) =>
  queryOptions({
    queryKey: [...learningKeys.lesson(enrolment, lesson), 'launch', key],
    queryFn: async () => {
      await outboxOf(person).settle(settling)
      return take(
        api.POST('/api/v1/me/enrolments/{id}/lessons/{lesson}/launches', {
          params: { path: { id: enrolment, lesson }, header: idempotent(key) },
        }),
      )
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Begins a quiz or goes on with the open attempt. */
export async function startAttempt(
  enrolment: string,
  lesson: string,
  person: string,
  key: string,
): Promise<Attempt> {
  await outboxOf(person).settle(settling) // the attempt before may still be on its way
  return take(
    api.POST('/api/v1/me/enrolments/{id}/lessons/{lesson}/attempts', {
      params: { path: { id: enrolment, lesson }, header: idempotent(key) },
    }),
  )
}

/** Where an attempt is handed in. */
export const handInPath = (attempt: string) => `/api/v1/me/attempts/${attempt}/submit`

/** The attempt that was handed in at an address; undefined when the address is another one's. */
export function handedIn(path: string): string | undefined {
  return /^\/api\/v1\/me\/attempts\/([^/]+)\/submit$/.exec(path)?.[1]
}
