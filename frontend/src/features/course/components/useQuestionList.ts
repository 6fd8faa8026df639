import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'

/** What one does with the questions of a test or a survey: moved up and down, taken out and brought back. */
export function useQuestionList<Q>(
  questions: Q[],
  set: (next: Q[]) => void,
  deleted: (number: number) => string,
) {
  const { t } = useTranslation('course')
  return {
    replace: (index: number, next: Q) => set(questions.with(index, next)),
    add: (question: Q) => set([...questions, question]),
    move: (from: number, by: number) => {
      const question = questions[from]
      const to = from + by
      if (question && to >= 0 && to < questions.length)
        set(questions.toSpliced(from, 1).toSpliced(to, 0, question))
    },
    remove: (index: number) => {
      set(questions.toSpliced(index, 1))
      tell(deleted(index + 1), { undo: { label: t('outline.undo'), run: () => set(questions) } })
    },
  }
}
