import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SurveyBody } from '../api/lessons'
import classes from './LessonContent.module.css'

/** A survey as learners see it. */
export function SurveyContent({ survey }: { survey: SurveyBody }) {
  const { t } = useTranslation('course')
  return (
    <Stack gap="md">
      <p>{t('survey.naming', { context: survey.naming || 'open' })}</p>
      {survey.intro && <p className={classes.pledge}>{survey.intro}</p>}
      {survey.questions.length === 0 && <p>{t('survey.none')}</p>}
      <ol>
        {survey.questions.map((question) => (
          <li key={question.id}>
            <p className={classes.pledge}>{question.text}</p>
            {question.choices.length > 0 && (
              <ul>
                {question.choices.map((choice) => (
                  <li key={choice.id}>{choice.text}</li>
                ))}
              </ul>
            )}
            {question.kind === 'scale' && (
              <p>
                {question.low} 1 – {question.steps} {question.high}
              </p>
            )}
          </li>
        ))}
      </ol>
    </Stack>
  )
}
