import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/lib/learning'
import { useOutboxState } from '@/lib/outbox/useOutbox'
import { useProblem } from '@/lib/problem-text'
import classes from './Quiz.module.css'
import { useSubmit } from './useSubmit'

interface QuizSubmitProps {
  attempt: Attempt
  person: string
  /** Questions without an answer. */
  open: number
  ref: Ref<HTMLHeadingElement>
}

/** The last screen: everything answered? Hand in. Nothing is handed in before every answer has arrived. */
export function QuizSubmit({ attempt, person, open, ref }: QuizSubmitProps) {
  const { t } = useTranslation('player')
  const problem = useProblem()
  const outbox = useOutboxState(person)
  const submit = useSubmit(attempt, person)
  const waiting = outbox.status === 'offline' || outbox.status === 'signin'
  return (
    <section className={classes.question}>
      <h2 ref={ref} tabIndex={-1} className={classes.submitTitle}>
        {t('quiz.submitTitle')}
      </h2>
      <p>{open > 0 ? t('quiz.open', { count: open }) : t('quiz.allAnswered')}</p>
      {waiting && <p className={classes.waiting}>{t('quiz.waiting')}</p>}
      {submit.isError && <p role="alert">{problem(submit.error).sentence}</p>}
      <Button
        size="lg"
        onClick={() => submit.mutate()}
        loading={submit.isPending}
        disabled={waiting}
        leftSection={<IconSend size={20} aria-hidden />}
        className={classes.start}
      >
        {t('quiz.submit')}
      </Button>
    </section>
  )
}
