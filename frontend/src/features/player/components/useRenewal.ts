import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { LearnerLesson } from '@/lib/learning'
import { useTrying } from '@/lib/useTrying'
import { ownLesson } from '../api/lesson'

/** useTrying for a lesson: its links are fetched with it. */
export function useRenewal(lesson: LearnerLesson, person: string) {
  const client = useQueryClient()
  return useTrying(() =>
    client.fetchQuery({ ...ownLesson(lesson.enrolment.id, lesson.id, person), staleTime: 0 }),
  )
}

/** A link to a document lasts two hours; after half of them it is renewed. */
const fresh = 60 * 60 * 1000
const look = 5 * 60 * 1000

/** Fetches fresh links before the ones of a page are too old: a link to a document opens in a window of its own, where nothing could be mended. */
export function useLinksKeptFresh(lesson: LearnerLesson, person: string) {
  const client = useQueryClient()
  const { files, id } = lesson
  const enrolment = lesson.enrolment.id
  const born = useRef({ files, at: Date.now() })
  if (born.current.files !== files) born.current = { files, at: Date.now() }
  useEffect(() => {
    const renew = () => {
      if (document.hidden || Date.now() - born.current.at < fresh) return
      client.fetchQuery({ ...ownLesson(enrolment, id, person), staleTime: 0 }).catch(() => undefined) // no network: later
    }
    const timer = setInterval(renew, look)
    document.addEventListener('visibilitychange', renew)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
    }
  }, [client, enrolment, id, person])
}
