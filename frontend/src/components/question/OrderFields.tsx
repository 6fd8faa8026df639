import { TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Question.module.css'
import type { QuestionFieldsProps } from './QuestionFields'
import { inOrder, maxChoices, newChoice, saidTwice, withText } from './questions'
import { AddRow, RowButton } from './RowButton'

/** Things written in the right order; learners get them mixed. */
export function OrderFields({ question, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation('question')
  const choices = question.correct.length
    ? question.correct.flatMap((id) => question.choices.find((one) => one.id === id) ?? [])
    : question.choices
  const twice = saidTwice(choices)
  const set = (next: typeof choices) => onChange(inOrder({ ...question, choices: next }))
  const move = (from: number, to: number) => {
    const one = choices[from]
    if (one) set(choices.toSpliced(from, 1).toSpliced(to, 0, one))
  }
  return (
    <fieldset className={classes.choices}>
      <legend>{t('editor.order')}</legend>
      <p className={classes.help}>{t('editor.orderHelp')}</p>
      {choices.map((choice, index) => {
        const number = index + 1
        return (
          <div key={choice.id} className={`${classes.choice} ${classes.ordered}`}>
            <span className={classes.place} aria-hidden>
              {number}
            </span>
            <TextInput
              className={classes.choiceText}
              aria-label={t('editor.place', { number })}
              maxLength={1000}
              error={twice.has(choice.id) && t('editor.twice')}
              value={choice.text}
              onChange={(event) => set(withText(choices, choice.id, event.currentTarget.value))}
            />
            <RowButton
              label={t('editor.earlier', { number })}
              icon={<IconArrowUp size={20} aria-hidden />}
              disabled={index === 0}
              onClick={() => move(index, index - 1)}
            />
            <RowButton
              label={t('editor.later', { number })}
              icon={<IconArrowDown size={20} aria-hidden />}
              disabled={number === choices.length}
              onClick={() => move(index, index + 1)}
            />
            <RowButton
              label={t('editor.removePlace', { number })}
              icon={<IconX size={20} aria-hidden />}
              disabled={choices.length <= 2}
              onClick={() => set(choices.toSpliced(index, 1))}
            />
          </div>
        )
      })}
      {choices.length < maxChoices && (
        <AddRow label={t('editor.addPlace')} onClick={() => set([...choices, newChoice(choices)])} />
      )}
    </fieldset>
  )
}
