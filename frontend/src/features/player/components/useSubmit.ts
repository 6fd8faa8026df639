import { useMutation, useQueryClient } from '@tanstack/react-query'
import { asProblem } from '@/lib/api/problem'
import { type Attempt, learningKeys } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'
import { submitAttempt } from '../api/lesson'

/** How long a word that is being typed needs to become an answer. */
const settling = 700

/** Hands in an attempt once every answer has arrived. `patient` goes on trying when the network is away: the time is over, not the answers. */
export function useSubmit(attempt: Attempt, person: string, patient = false) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      if (patient) await new Promise((done) => setTimeout(done, settling))
      await outboxOf(person).flush()
      return submitAttempt(attempt.id)
    },
    retry: (_, error) => patient && [0, 502, 503, 504].includes(asProblem(error).status),
    retryDelay: 5000,
    onSuccess: (result) => {
      client.setQueryData(learningKeys.attempt(attempt.id), result)
      client.invalidateQueries({ queryKey: learningKeys.outline(attempt.enrolment) })
      client.invalidateQueries({ queryKey: learningKeys.lesson(attempt.enrolment, attempt.lesson) })
      client.invalidateQueries({ queryKey: learningKeys.list })
    },
  })
}
