import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { newKey } from '@/lib/api/idempotency-key'
import type { LearnerLesson } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'
import { type Draft, dropDraft, keepDraft, keptDrafts, type Note, noteKeys, ownNotes } from '../api/notes'

const forgetful = new Set<string>() // whose drafts are forgotten as soon as they have arrived, whatever page is open then

/** A draft stays on this device no longer than it must: others may use the device. */
function forgetArrived(person: string): void {
  if (forgetful.has(person)) return
  forgetful.add(person)
  outboxOf(person).hear((event) => {
    if (event.kind !== 'deed' || event.status >= 300) return
    const place = /\/me\/enrolments\/([^/]+)\/lessons\/([^/]+)\/notes$/.exec(event.path)
    if (!place) return
    const { key, client_seq } = event.body as { key: string; client_seq: number }
    dropDraft(`${person}.${place[1]}.${place[2]}`, key, client_seq)
  })
}

/** My notes on a lesson: those of the server, over them what was written here and may not have arrived. */
export function useNotes(lesson: LearnerLesson, person: string) {
  const client = useQueryClient()
  const enrolment = lesson.enrolment.id
  const scope = `${person}.${enrolment}.${lesson.id}`
  const path = `/api/v1/me/enrolments/${enrolment}/lessons/${lesson.id}/notes`
  const list = useQuery(ownNotes(enrolment))
  const [drafts, setDrafts] = useState(() => keptDrafts(scope))
  const [known, setKnown] = useState<Record<string, string>>({}) // ids that new notes got
  const [refused, setRefused] = useState(false)
  const put = (draft: Draft) => setDrafts((old) => [...old.filter((one) => one.key !== draft.key), draft])

  /** Sends a text; it is on this device already. */
  const send = (draft: Draft) => {
    const { key, base, seq, text, position } = draft
    const place = position === undefined ? {} : { position }
    return outboxOf(person).deed(path, { key, base_seq: base, client_seq: seq, text, ...place })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a lesson; what a closed tab left may not have been sent, and a repeat is harmless
  useEffect(() => {
    forgetArrived(person)
    for (const draft of keptDrafts(scope)) void send(draft)
    const end = outboxOf(person).hear((event) => {
      if (event.kind !== 'deed' || event.path !== path) return
      const { key, client_seq } = event.body as { key: string; client_seq: number }
      setRefused(event.status >= 300)
      if (event.status >= 300) return
      const stands = event.answer as Note
      setKnown((old) => ({ ...old, [key]: stands.id }))
      // Another device was faster: what it wrote and what was written here stand side by side.
      if (stands.client_seq !== client_seq) {
        setDrafts((old) => old.filter((one) => one.key !== key))
        void client.invalidateQueries({ queryKey: noteKeys.all })
      }
    })
    return () => {
      end()
      void client.invalidateQueries({ queryKey: noteKeys.all })
    }
  }, [scope])

  const write = (draft: Draft) => {
    keepDraft(scope, draft)
    put(draft)
  }
  const add = (position: number | undefined) =>
    put({ key: newKey(), base: 0, seq: 0, text: '', ...(position !== undefined && { position }) })
  const hidden = new Set(drafts.flatMap((one) => [one.key, known[one.key] ?? '']))
  const notes: Draft[] = [
    ...(list.data ?? [])
      .filter((one) => one.lesson === lesson.id && !hidden.has(one.id))
      .map(({ id, client_seq, text, position }) => ({
        key: id,
        base: client_seq,
        seq: client_seq,
        text,
        ...(position !== undefined && { position }),
      })),
    ...drafts,
  ].sort((a, b) => (a.position ?? -1) - (b.position ?? -1))
  return { notes, write, send, add, refused, failed: list.isError && !list.data }
}
