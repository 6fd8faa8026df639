import { Checkbox, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Question, QuizBody } from '../api/lessons'
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
        <fieldset key={question.id} className={classes.question}>
          <legend className={classes.text}>
            {index + 1}. {question.text}
          </legend>
          {question.choices.map((choice) => (
            <Answer key={choice.id} question={question} id={choice.id} text={choice.text} />
          ))}
        </fieldset>
      ))}
    </Stack>
  )
}

function Answer({ question, id, text }: { question: Question; id: string; text: string }) {
  const { t } = useTranslation('course')
  const label = question.kind === 'true_false' ? t('quiz.answer', { context: id }) : text
  return question.kind === 'multiple' ? (
    <Checkbox label={label} />
  ) : (
    <Radio label={label} name={`preview ${question.id}`} value={id} />
  )
}
