import { Checkbox, Radio, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Question.module.css'
import type { QuestionFieldsProps } from './QuestionFields'
import {
  type Choice,
  mark,
  maxChoices,
  newChoice,
  type Question,
  saidTwice,
  withoutChoice,
  withText,
} from './questions'
import { AddRow, RowButton } from './RowButton'

/** Choices with the right ones marked. */
export function ChoiceFields({ question, number, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation('question')
  const twice = saidTwice(question.choices)
  return (
    <fieldset className={classes.choices}>
      <legend>{t(question.kind === 'multiple' ? 'editor.choicesMultiple' : 'editor.choices')}</legend>
      {question.choices.map((choice, index) => (
        <ChoiceRow
          key={choice.id}
          question={question}
          choice={choice}
          twice={twice.has(choice.id)}
          label={
            number === undefined
              ? t('editor.choice', { number: index + 1 })
              : t('editor.choiceOf', { question: number, number: index + 1 })
          }
          onText={(text) => onChange({ ...question, choices: withText(question.choices, choice.id, text) })}
          onMark={(right) => onChange(mark(question, choice.id, right))}
          onDelete={() => onChange(withoutChoice(question, choice.id))}
        />
      ))}
      {question.kind !== 'true_false' && question.choices.length < maxChoices && (
        <AddRow
          label={t('editor.addChoice')}
          onClick={() =>
            onChange({ ...question, choices: [...question.choices, newChoice(question.choices)] })
          }
        />
      )}
    </fieldset>
  )
}

interface ChoiceRowProps {
  question: Question
  choice: Choice
  /** It says what one before it says. */
  twice: boolean
  label: string
  onText: (text: string) => void
  onMark: (right: boolean) => void
  onDelete: () => void
}

function ChoiceRow({ question, choice, twice, label, onText, onMark, onDelete }: ChoiceRowProps) {
  const { t } = useTranslation('question')
  const right = question.correct.includes(choice.id)
  const fixed = question.kind === 'true_false'
  const name = fixed ? t('editor.answer', { context: choice.id }) : label
  const marking = { 'aria-label': t('editor.right', { choice: name }), checked: right }
  return (
    <div className={classes.choice}>
      {question.kind === 'multiple' ? (
        <Checkbox {...marking} onChange={(event) => onMark(event.currentTarget.checked)} />
      ) : (
        <Radio {...marking} name={question.id} onChange={() => onMark(true)} />
      )}
      {fixed ? (
        <span className={classes.choiceText}>{name}</span>
      ) : (
        <>
          <TextInput
            className={classes.choiceText}
            aria-label={label}
            maxLength={1000}
            error={twice && t('editor.twice')}
            value={choice.text}
            onChange={(event) => onText(event.currentTarget.value)}
          />
          <RowButton
            label={t('editor.removeChoice', { choice: label })}
            icon={<IconX size={20} aria-hidden />}
            disabled={question.choices.length <= 2}
            onClick={onDelete}
          />
        </>
      )}
    </div>
  )
}
