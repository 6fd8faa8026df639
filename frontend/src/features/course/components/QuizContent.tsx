import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { QuestionPaper } from '@/components/question/QuestionPaper'
import type { QuizBody } from '../api/lessons'
import classes from './QuizContent.module.css'

/** A quiz as learners see it: questions and choices, nothing that tells what is right. */
export function QuizContent({ quiz }: { quiz: QuizBody }) {
  const { t } = useTranslation('course')
  const drawn = (quiz.draws ?? []).reduce((sum, one) => sum + (one.questions?.length || (one.count ?? 0)), 0)
  if (quiz.questions.length + drawn === 0) return <p>{t('quiz.none')}</p>
  return (
    <Stack gap="lg">
      <p className={classes.rule}>
        {t('quiz.rule', { percent: quiz.pass_percent, count: quiz.questions.length + drawn })}
      </p>
      {quiz.questions.map((question, index) => (
        <QuestionPaper key={question.id} question={question} number={index + 1} />
      ))}
      {drawn > 0 && <p className={classes.rule}>{t('quiz.drawn', { count: drawn })}</p>}
    </Stack>
  )
}
