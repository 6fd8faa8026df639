import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/lib/learning'
import classes from './Quiz.module.css'

interface QuizQuestionProps {
  question: Attempt['questions'][number]
  title: string
  chosen: string[]
  onChoose: (chosen: string[]) => void
  ref: Ref<HTMLHeadingElement>
}

/** One question with big targets to choose from. */
export function QuizQuestion({ question, title, chosen, onChoose, ref }: QuizQuestionProps) {
  const { t } = useTranslation('player')
  const many = question.kind === 'multiple'
  const toggle = (id: string, on: boolean) => {
    if (!many) return onChoose([id])
    onChoose(on ? [...chosen, id] : chosen.filter((one) => one !== id))
  }
  return (
    <section className={classes.question}>
      <h2 ref={ref} tabIndex={-1} className={classes.number}>
        {title}
      </h2>
      <fieldset className={classes.choices}>
        <legend className={classes.text}>{question.text}</legend>
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
      </fieldset>
    </section>
  )
}
