import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { learningKeys } from '@/lib/learning'
import { startAttempt } from '../api/lesson'

/** Begins an attempt, once however often the button is pressed. */
export function useStart(
  enrolment: string,
  lesson: string,
  person: string,
  onStarted: (attempt: string) => void,
) {
  const client = useQueryClient()
  const { key, renew } = useIdempotencyKey()
  return useMutation({
    mutationFn: () => startAttempt(enrolment, lesson, person, key),
    onSuccess: (attempt) => {
      renew()
      client.setQueryData(learningKeys.attempt(attempt.id), attempt)
      client.invalidateQueries({ queryKey: learningKeys.lesson(enrolment, lesson) })
      onStarted(attempt.id)
    },
  })
}
