import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { reinstate, roundKeys } from '../api/rounds'

/** Makes people take part again. */
export function useReinstate(round: string, onDone: () => void) {
  const { t } = useTranslation('round')
  const client = useQueryClient()
  const words = useProblem()
  return useMutation({
    mutationFn: (ids: string[]) => reinstate(round, ids),
    onSuccess: () => {
      onDone()
      tell(t('reinstated'))
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
}
