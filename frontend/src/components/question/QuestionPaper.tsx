import { Checkbox, Radio, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './QuestionPaper.module.css'
import type { Question } from './questions'

/** A question as learners see it, in the preview: nothing tells what is right. */
export function QuestionPaper({ question, number }: { question: Question; number?: number }) {
  return (
    <fieldset className={classes.question}>
      <legend className={classes.text}>
        {number !== undefined && `${number}. `}
        {question.text}
      </legend>
      <Answer question={question} />
    </fieldset>
  )
}

function Answer({ question }: { question: Question }) {
  const { t } = useTranslation('question')
  switch (question.kind) {
    case 'ordering':
      return (
        <ul className={classes.things}>
          {byText(question.choices).map((choice) => (
            <li key={choice.id}>{choice.text}</li>
          ))}
        </ul>
      )
    case 'matching':
      return question.choices.map((choice) => (
        <Select
          key={choice.id}
          label={choice.text}
          data={byText(question.targets ?? []).map((target) => ({
            value: target.id,
            label: target.text || '—',
          }))}
        />
      ))
    case 'short_text':
    case 'number':
      return <TextInput aria-label={t('paper.answer')} />
    default:
      return question.choices.map((choice) => {
        const label =
          question.kind === 'true_false' ? t('editor.answer', { context: choice.id }) : choice.text
        return question.kind === 'multiple' ? (
          <Checkbox key={choice.id} label={label} />
        ) : (
          <Radio key={choice.id} label={label} name={`preview ${question.id}`} value={choice.id} />
        )
      })
  }
}

/** An order that says nothing about the right one. */
function byText<T extends { text: string }>(list: T[]): T[] {
  return [...list].sort((a, b) => a.text.localeCompare(b.text, 'ja'))
}
