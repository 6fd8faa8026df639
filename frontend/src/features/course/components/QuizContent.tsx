import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { QuestionPaper } from '@/components/question/QuestionPaper'
import type { QuizBody } from '../api/lessons'
import classes from './QuizContent.module.css'

/** A quiz as learners see it: questions and choices, nothing that tells what is right. */
export function QuizContent({ quiz }: { quiz: QuizBody }) {
  const { t } = useTranslation('course')
  if (quiz.questions.length === 0) return <p>{t('quiz.none')}</p>
  return (
    <Stack gap="lg">
      <p className={classes.rule}>
        {t('quiz.rule', { percent: quiz.pass_percent, count: quiz.questions.length })}
      </p>
      {quiz.questions.map((question, index) => (
        <QuestionPaper key={question.id} question={question} number={index + 1} />
      ))}
    </Stack>
  )
}
