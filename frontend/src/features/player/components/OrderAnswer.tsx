import { Button } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Quiz.module.css'
import type { AnswerProps } from './QuizQuestion'

/** Things to put in order, by two buttons each or the arrow keys with Alt; every move is saved. */
export function OrderAnswer({ question, chosen, onChoose }: AnswerProps) {
  const { t } = useTranslation('player')
  const [said, say] = useState('')
  const texts = new Map(question.choices.map((choice) => [choice.id, choice.text]))
  const order = chosen.length > 0 ? chosen : question.choices.map((choice) => choice.id)
  const move = (from: number, to: number) => {
    const id = order[from]
    if (id === undefined || to < 0 || to >= order.length) return
    onChoose(order.toSpliced(from, 1).toSpliced(to, 0, id))
    say(t('quiz.orderMoved', { text: texts.get(id), place: to + 1 }))
  }
  return (
    <>
      <p className={classes.how}>{t('quiz.orderHow')}</p>
      <ol className={classes.order}>
        {order.map((id, index) => {
          const text = texts.get(id)
          const button = (by: number) => (
            <button
              type="button"
              aria-label={t(by < 0 ? 'quiz.orderUp' : 'quiz.orderDown', { text })}
              // not disabled at the ends: the focus must stay where it is
              aria-disabled={index + by < 0 || index + by >= order.length || undefined}
              onClick={() => move(index, index + by)}
              onKeyDown={(event) => {
                const to = event.key === 'ArrowUp' ? index - 1 : event.key === 'ArrowDown' ? index + 1 : index
                if (!event.altKey || to === index) return
                event.preventDefault()
                move(index, to)
              }}
            >
              {by < 0 ? <IconArrowUp size={24} aria-hidden /> : <IconArrowDown size={24} aria-hidden />}
            </button>
          )
          return (
            <li key={id}>
              <span className={classes.place} aria-hidden>
                {index + 1}
              </span>
              <span className={classes.thing}>{text}</span>
              {button(-1)}
              {button(1)}
            </li>
          )
        })}
      </ol>
      <p role="status" className={classes.how}>
        {said || t(chosen.length > 0 ? 'quiz.orderSaved' : 'quiz.orderOpen')}
      </p>
      {chosen.length === 0 && (
        <Button variant="default" className={classes.keep} onClick={() => onChoose(order)}>
          {t('quiz.orderKeep')}
        </Button>
      )}
    </>
  )
}
