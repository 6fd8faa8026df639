import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerLesson } from '@/lib/learning'
import quiz from './Quiz.module.css'
import classes from './Survey.module.css'
import type { SurveyAnswer } from './useSurveyDraft'

type Question = NonNullable<LearnerLesson['survey']>['questions'][number]

interface SurveyQuestionProps {
  question: Question
  number: number
  given: SurveyAnswer | undefined
  onAnswer: (answer: SurveyAnswer) => void
}

/** One question of a survey. */
export function SurveyQuestion(props: SurveyQuestionProps) {
  const { t } = useTranslation('player')
  const { question, number } = props
  const Field = fields[question.kind]
  return (
    <fieldset className={quiz.choices} id={`q-${question.id}`}>
      <legend className={quiz.text}>
        {number}. {question.text}{' '}
        <span className={classes.need}>{t(question.required ? 'survey.required' : 'survey.optional')}</span>
      </legend>
      <Field {...props} />
    </fieldset>
  )
}

const fields = { single: Choices, multiple: Choices, scale: Scale, text: Words }

function Choices({ question, given, onAnswer }: SurveyQuestionProps) {
  const { t } = useTranslation('player')
  const many = question.kind === 'multiple'
  const chosen = given?.choices ?? []
  const toggle = (id: string, on: boolean) => {
    const next = many ? (on ? [...chosen, id] : chosen.filter((one) => one !== id)) : [id]
    onAnswer({ question: question.id, choices: next })
  }
  return (
    <>
      {many && <p className={quiz.how}>{t('survey.choose')}</p>}
      {question.choices.map((choice) => (
        <label key={choice.id} className={quiz.choice} data-chosen={chosen.includes(choice.id) || undefined}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name={question.id}
            checked={chosen.includes(choice.id)}
            onChange={(event) => toggle(choice.id, event.currentTarget.checked)}
          />
          <span>{choice.text}</span>
        </label>
      ))}
    </>
  )
}

function Scale({ question, given, onAnswer }: SurveyQuestionProps) {
  const { t } = useTranslation('player')
  const steps = question.steps ?? 0
  return (
    <div className={classes.scale}>
      <span className={classes.end}>{question.low}</span>
      <div className={classes.steps}>
        {Array.from({ length: steps }, (_, index) => index + 1).map((step) => (
          <label key={step} className={classes.step} data-chosen={given?.step === step || undefined}>
            <input
              type="radio"
              name={question.id}
              checked={given?.step === step}
              aria-label={t('survey.step', { step, steps })}
              onChange={() => onAnswer({ question: question.id, step })}
            />
            <span aria-hidden>{step}</span>
          </label>
        ))}
      </div>
      <span className={classes.end}>{question.high}</span>
    </div>
  )
}

const longest = 2000

function Words({ question, given, onAnswer }: SurveyQuestionProps) {
  const { t } = useTranslation('player')
  const id = useId()
  const text = given?.text ?? ''
  return (
    <>
      <textarea
        className={classes.words}
        rows={4}
        maxLength={longest}
        aria-label={question.text}
        aria-describedby={`${id}left`}
        value={text}
        onChange={(event) => onAnswer({ question: question.id, text: event.currentTarget.value })}
      />
      <p id={`${id}left`} className={quiz.how}>
        {t('survey.left', { count: longest - text.length })}
      </p>
    </>
  )
}
