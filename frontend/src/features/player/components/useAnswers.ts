import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { components } from '@/lib/api/schema'
import { type Attempt, learningKeys } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'

type GivenAnswer = components['schemas']['HandInAnswer']

/**
 * The answers of an attempt: shown at once, kept on the device, sent in the background. The sequence number grows with every answer and
 * stays above what the server has, so that the newest choice of a person wins, whichever device it comes from. `given` are the answers of
 * this page, to be handed in together: none of them has to have arrived before.
 */
export function useAnswers(attempt: Attempt, person: string) {
  const client = useQueryClient()
  const [answers, setAnswers] = useState(
    () => new Map(attempt.questions.map((question) => [question.id, question.answer])),
  )
  const seqs = useRef(new Map(attempt.questions.map((question) => [question.id, question.client_seq])))
  const given = useRef(new Map<string, GivenAnswer>())

  useEffect(() => {
    return outboxOf(person).hear((event) => {
      if (event.kind !== 'answer' || event.entry.attempt !== attempt.id) return
      const { saved, entry, status } = event
      if (status === 409) void client.invalidateQueries({ queryKey: learningKeys.attempt(attempt.id) }) // handed in elsewhere
      if (!saved) return
      const newest = seqs.current.get(entry.question) ?? 0
      if (saved.client_seq <= newest) return
      seqs.current.set(entry.question, saved.client_seq)
      given.current.delete(entry.question)
      setAnswers((old) => new Map(old).set(entry.question, saved.answer)) // another device was later
    })
  }, [client, person, attempt.id])

  const answer = (question: string, chosen: string[]) => {
    const seq = Math.max(Date.now(), (seqs.current.get(question) ?? 0) + 1)
    const at = Date.now()
    seqs.current.set(question, seq)
    given.current.set(question, { question, answer: chosen, client_seq: seq, at })
    setAnswers((old) => new Map(old).set(question, chosen))
    void outboxOf(person).answer({ attempt: attempt.id, question, answer: chosen, seq })
  }
  return { answers, answer, given: () => [...given.current.values()] }
}
