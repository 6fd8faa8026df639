import { useTranslation } from 'react-i18next'
import classes from './Quiz.module.css'
import type { AnswerProps } from './QuizQuestion'

/** One or several of the choices. */
export function ChoiceAnswer({ question, chosen, onChoose }: AnswerProps) {
  const { t } = useTranslation('player')
  const many = question.kind === 'multiple'
  const toggle = (id: string, on: boolean) => {
    if (!many) return onChoose([id])
    onChoose(on ? [...chosen, id] : chosen.filter((one) => one !== id))
  }
  return (
    <>
      <p className={classes.how}>{t(many ? 'quiz.chooseMany' : 'quiz.chooseOne')}</p>
      {question.choices.map((choice) => (
        <label
          key={choice.id}
          className={classes.choice}
          data-chosen={chosen.includes(choice.id) || undefined}
        >
          <input
            type={many ? 'checkbox' : 'radio'}
            name={question.id}
            checked={chosen.includes(choice.id)}
            onChange={(event) => toggle(choice.id, event.currentTarget.checked)}
          />
          <span>{choice.text || t('quiz.choice', { context: choice.id })}</span>
        </label>
      ))}
    </>
  )
}
