import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerLesson } from '@/lib/learning'
import { DeedNote } from './DeedNote'
import quiz from './Quiz.module.css'
import classes from './Survey.module.css'
import { SurveyQuestion } from './SurveyQuestion'
import { useDeed } from './useDeed'
import { isEmpty, useSurveyDraft } from './useSurveyDraft'
import { useTracker } from './useTracker'

interface SurveyLessonProps {
  lesson: LearnerLesson
  survey: NonNullable<LearnerLesson['survey']>
  person: string
}

/** A survey: whether it bears names, the questions, sending. */
export function SurveyLesson({ lesson, survey, person }: SurveyLessonProps) {
  const { t } = useTranslation('player')
  useTracker(person, lesson)
  const path = `/api/v1/me/enrolments/${lesson.enrolment.id}/lessons/${lesson.id}/survey`
  const { state, send } = useDeed(person, path, lesson.progress.state === 'done')
  const draft = useSurveyDraft(`${person}.${lesson.enrolment.id}.${lesson.id}`)
  const [asked, setAsked] = useState(false)
  if (state === 'done' || state === 'waiting')
    return (
      <DeedNote done={state === 'done'}>{t(state === 'done' ? 'survey.done' : 'survey.waiting')}</DeedNote>
    )
  const given = (id: string) => draft.answers.find((one) => one.question === id)
  const missing = survey.questions.filter((one) => one.required && isEmpty(given(one.id)))
  const submit = async () => {
    setAsked(true)
    const first = missing[0]
    if (first) {
      document.getElementById(`q-${first.id}`)?.querySelector<HTMLElement>('input, textarea')?.focus()
      return
    }
    await send({ answers: draft.answers }, draft.key)
  }
  return (
    <div className={quiz.quiz}>
      <p className={classes.naming}>{t('survey.naming', { context: survey.naming })}</p>
      {survey.intro && <p className={classes.intro}>{survey.intro}</p>}
      {survey.questions.map((question, index) => (
        <SurveyQuestion
          key={question.id}
          question={question}
          number={index + 1}
          given={given(question.id)}
          onAnswer={draft.answer}
        />
      ))}
      <p className={quiz.how}>{t('survey.kept')}</p>
      {asked && missing.length > 0 && (
        <p className={quiz.bad} role="alert">
          {t('survey.missing', { count: missing.length })}
        </p>
      )}
      {state === 'refused' && (
        <p className={quiz.bad} role="alert">
          {t('survey.refused')}
        </p>
      )}
      <Button
        size="lg"
        className={quiz.start}
        leftSection={<IconSend size={20} aria-hidden />}
        onClick={() => void submit()}
      >
        {t('survey.send')}
      </Button>
    </div>
  )
}
