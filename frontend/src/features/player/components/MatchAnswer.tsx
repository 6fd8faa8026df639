import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Quiz.module.css'
import type { AnswerProps } from './QuizQuestion'

/** A list to choose from beside every item: the device's own, which works by thumb, keyboard and voice. */
export function MatchAnswer({ question, chosen, onChoose }: AnswerProps) {
  const { t } = useTranslation('player')
  const name = useId()
  const pairs = new Map(chosen.map((pair) => pair.split('=', 2) as [string, string]))
  const match = (choice: string, target: string) => {
    const others = chosen.filter((pair) => !pair.startsWith(`${choice}=`))
    onChoose(target === '' ? others : [...others, `${choice}=${target}`])
  }
  return (
    <>
      <p className={classes.how}>{t('quiz.matchHow')}</p>
      {question.choices.map((choice) => (
        <div key={choice.id} className={classes.match} data-chosen={pairs.has(choice.id) || undefined}>
          <label htmlFor={`${name}${choice.id}`}>{choice.text}</label>
          <select
            id={`${name}${choice.id}`}
            value={pairs.get(choice.id) ?? ''}
            onChange={(event) => match(choice.id, event.currentTarget.value)}
          >
            <option value="">{t('quiz.matchNone')}</option>
            {question.targets?.map((target) => (
              <option key={target.id} value={target.id}>
                {target.text}
              </option>
            ))}
          </select>
        </div>
      ))}
    </>
  )
}
