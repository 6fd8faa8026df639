import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { StatusBadge } from '@/components/StatusBadge'
import type { LearnerLesson } from '@/lib/learning'
import { useProblem } from '@/lib/problem-text'
import classes from './Quiz.module.css'
import { useStart } from './useStart'

interface QuizIntroProps {
  lesson: LearnerLesson
  quiz: NonNullable<LearnerLesson['quiz']>
  person: string
  onStarted: (attempt: string) => void
  onLook: (attempt: string) => void
}

/** What awaits: how many questions, the pass mark, how many tries; and the tries so far. */
export function QuizIntro({ lesson, quiz, person, onStarted, onLook }: QuizIntroProps) {
  const { t } = useTranslation('player')
  const problem = useProblem()
  const start = useStart(lesson.enrolment.id, lesson.id, person, onStarted)
  const usedUp = quiz.attempts_left === 0
  const closed = lesson.enrolment.standing === 'closed'
  return (
    <div className={classes.quiz}>
      <ul className={classes.rules}>
        <li>{t('quiz.questions', { count: quiz.questions })}</li>
        <li>{t('quiz.pass', { percent: quiz.pass_percent })}</li>
        <li>
          {quiz.attempts_left === undefined
            ? t('quiz.unlimited')
            : t('quiz.left', { count: quiz.attempts_left })}
        </li>
        {quiz.time_limit > 0 && <li>{t('quiz.timeLimit', { count: quiz.time_limit })}</li>}
        {quiz.again === 'failed' && <li>{t('quiz.onlyFailed')}</li>}
        <li>{t('quiz.savedAlways')}</li>
      </ul>
      {start.isError && <p role="alert">{problem(start.error).sentence}</p>}
      {usedUp && <p>{t('quiz.usedUp')}</p>}
      {!usedUp && !closed && (
        <Button size="lg" onClick={() => start.mutate()} loading={start.isPending} className={classes.start}>
          {t(quiz.attempts.length > 0 ? 'quiz.again' : 'quiz.start')}
        </Button>
      )}
      {quiz.attempts.length > 0 && (
        <section aria-labelledby="attempts">
          <h2 id="attempts" className={classes.heading}>
            {t('quiz.attempts')}
          </h2>
          <ol className={classes.attempts}>
            {quiz.attempts.map((one) => (
              <li key={one.id}>
                <span>{t('quiz.attempt', { number: one.number })}</span>
                <StatusBadge tone={one.passed ? 'good' : 'bad'}>
                  {t(one.passed ? 'quiz.passed' : 'quiz.failed')}
                </StatusBadge>
                <span>{t('quiz.score', { percent: one.score_percent ?? 0 })}</span>
                {one.submitted_at && <DateText value={one.submitted_at} time />}
                <Button variant="subtle" size="sm" onClick={() => onLook(one.id)}>
                  {t('quiz.look')}
                </Button>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  )
}
