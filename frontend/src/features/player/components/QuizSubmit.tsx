import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useOutboxState } from '@/lib/outbox/useOutbox'
import classes from './Quiz.module.css'

interface QuizSubmitProps {
  person: string
  /** Questions without an answer. */
  open: number
  onHandIn: () => void
  ref: Ref<HTMLHeadingElement>
}

/** The last screen: everything answered? Hand in, with or without a network. */
export function QuizSubmit({ person, open, onHandIn, ref }: QuizSubmitProps) {
  const { t } = useTranslation('player')
  const outbox = useOutboxState(person)
  const waiting = outbox.status === 'offline' || outbox.status === 'signin'
  return (
    <section className={classes.question}>
      <h2 ref={ref} tabIndex={-1} className={classes.submitTitle}>
        {t('quiz.submitTitle')}
      </h2>
      <p>{open > 0 ? t('quiz.open', { count: open }) : t('quiz.allAnswered')}</p>
      {waiting && <p className={classes.waiting}>{t('quiz.waiting')}</p>}
      <Button
        size="lg"
        onClick={onHandIn}
        leftSection={<IconSend size={20} aria-hidden />}
        className={classes.start}
      >
        {t('quiz.submit')}
      </Button>
    </section>
  )
}
