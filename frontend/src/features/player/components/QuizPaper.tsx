import { Button } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconSend } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/lib/learning'
import classes from './Quiz.module.css'
import { QuizQuestion } from './QuizQuestion'
import { QuizSubmit } from './QuizSubmit'
import { QuizWaiting } from './QuizWaiting'
import { TimeLeft } from './TimeLeft'
import { useAnswers } from './useAnswers'
import { useHandIn } from './useHandIn'

/** An open attempt: one question a screen, all of them at a glance, handing in at the end. */
export function QuizPaper({ attempt, person }: { attempt: Attempt; person: string }) {
  const { t } = useTranslation('player')
  const { answers, answer, given } = useAnswers(attempt, person)
  const isAnswered = (id: string) => (answers.get(id)?.length ?? 0) > 0
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      attempt.questions.findIndex((one) => !isAnswered(one.id)),
    ),
  )
  const { state, handIn } = useHandIn(attempt, person, given)
  const heading = useRef<HTMLHeadingElement>(null)
  const go = (to: number) => {
    setAt(to)
    requestAnimationFrame(() => heading.current?.focus())
  }
  const question = attempt.questions[at]
  const total = attempt.questions.length
  const open = attempt.questions.filter((one) => !isAnswered(one.id)).length
  if (state === 'waiting' || state === 'done') return <QuizWaiting attempt={attempt} person={person} />
  return (
    <div className={classes.quiz} data-attempt="open">
      {attempt.seconds_left !== undefined && <TimeLeft seconds={attempt.seconds_left} onOver={handIn} />}
      {state === 'refused' && <p role="alert">{t('quiz.refused')}</p>}
      {attempt.kept > 0 && <p className={classes.how}>{t('quiz.keptRight', { count: attempt.kept })}</p>}
      <nav aria-label={t('quiz.overview')} className={classes.overview}>
        {attempt.questions.map((one, index) => (
          <button
            key={one.id}
            type="button"
            className={classes.dot}
            data-answered={isAnswered(one.id) || undefined}
            aria-current={index === at ? 'step' : undefined}
            aria-label={t(isAnswered(one.id) ? 'quiz.dotAnswered' : 'quiz.dotOpen', { number: index + 1 })}
            onClick={() => go(index)}
          >
            {index + 1}
          </button>
        ))}
      </nav>
      {question ? (
        <QuizQuestion
          key={question.id}
          ref={heading}
          question={question}
          title={t('quiz.number', { number: at + 1, total })}
          chosen={answers.get(question.id) ?? []}
          onChoose={(chosen) => answer(question.id, chosen)}
        />
      ) : (
        <QuizSubmit ref={heading} person={person} open={open} onHandIn={handIn} />
      )}
      <div className={classes.steps}>
        <Button
          variant="default"
          size="lg"
          disabled={at === 0}
          onClick={() => go(at - 1)}
          leftSection={<IconArrowLeft size={20} aria-hidden />}
        >
          {t('quiz.back')}
        </Button>
        {at < total && (
          <Button
            size="lg"
            onClick={() => go(at + 1)}
            rightSection={
              at === total - 1 ? <IconSend size={20} aria-hidden /> : <IconArrowRight size={20} aria-hidden />
            }
          >
            {t(at === total - 1 ? 'quiz.toSubmit' : 'quiz.forward')}
          </Button>
        )}
      </div>
    </div>
  )
}
