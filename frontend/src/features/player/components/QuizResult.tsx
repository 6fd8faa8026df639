import { Button } from '@mantine/core'
import { IconRefresh, IconTrophy } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import type { Attempt, LearnerLesson } from '@/lib/learning'
import { useProblem } from '@/lib/problem-text'
import classes from './Quiz.module.css'
import { QuizReview } from './QuizReview'
import { useStart } from './useStart'

interface QuizResultProps {
  attempt: Attempt
  lesson: LearnerLesson
  person: string
  onStarted: (attempt: string) => void
}

/** The result of an attempt, what was right where that may be shown, and what to do now. */
export function QuizResult({ attempt, lesson, person, onStarted }: QuizResultProps) {
  const { t } = useTranslation('player')
  const problem = useProblem()
  const start = useStart(attempt.enrolment, attempt.lesson, person, onStarted)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const done = attempt.status === 'completed'
  const retry = attempt.attempts_left !== 0 && lesson.enrolment.standing !== 'closed'
  const Mark = attempt.passed ? IconTrophy : IconRefresh
  return (
    <div className={classes.quiz}>
      <section className={classes.result} data-passed={attempt.passed || undefined}>
        <span className={classes.mark}>
          <Mark size={36} stroke={1.5} aria-hidden />
        </span>
        <h2 ref={heading} tabIndex={-1} className={classes.resultTitle}>
          {t(attempt.passed ? 'quiz.youPassed' : 'quiz.youFailed')}
        </h2>
        <p className={classes.points}>
          {t('quiz.result', { percent: attempt.score_percent ?? 0, pass: attempt.pass_percent })}
        </p>
        {attempt.kept > 0 && <p>{t('quiz.keptRight', { count: attempt.kept })}</p>}
        {attempt.unused > 0 && <p className={classes.bad}>{t('quiz.unused', { count: attempt.unused })}</p>}
        {attempt.show === 'never' && <p>{t('quiz.hiddenAlways')}</p>}
        {!attempt.passed && attempt.show === 'after_pass' && <p>{t('quiz.hidden')}</p>}
        {attempt.passed && !done && <p>{t('quiz.moreLeft')}</p>}
        {start.isError && <p role="alert">{problem(start.error).sentence}</p>}
        <div className={classes.actions}>
          {done && (
            <ButtonLink to="/learn/$enrolment" params={{ enrolment: attempt.enrolment }} size="lg">
              {t('quiz.toFinish')}
            </ButtonLink>
          )}
          {!done && attempt.passed && (
            <ButtonLink to="/learn/$enrolment" params={{ enrolment: attempt.enrolment }} size="lg">
              {t('toCourse')}
            </ButtonLink>
          )}
          {retry && (
            <Button
              size="lg"
              variant={attempt.passed ? 'subtle' : 'filled'}
              onClick={() => start.mutate()}
              loading={start.isPending}
            >
              {t('quiz.again')}
            </Button>
          )}
        </div>
        {!attempt.passed && attempt.attempts_left === 0 && <p>{t('quiz.usedUp')}</p>}
      </section>
      {attempt.revealed && <QuizReview attempt={attempt} />}
    </div>
  )
}
