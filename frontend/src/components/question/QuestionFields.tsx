import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AcceptedTexts } from './AcceptedTexts'
import { ChoiceFields } from './ChoiceFields'
import { MatchFields } from './MatchFields'
import { NumberFields } from './NumberFields'
import { OrderFields } from './OrderFields'
import classes from './Question.module.css'
import type { Question } from './questions'

export interface QuestionFieldsProps {
  question: Question
  /** How the question is called in labels: its number in a quiz, or nothing in the bank. */
  number?: number
  onChange: (question: Question) => void
}

/** What is asked, what is right, and the explanation shown afterwards. */
export function QuestionFields(props: QuestionFieldsProps) {
  const { question, onChange } = props
  const { t } = useTranslation('question')
  return (
    <div className={classes.fields}>
      <Textarea
        label={t('editor.text')}
        autosize
        minRows={2}
        maxLength={4000}
        value={question.text}
        onChange={(event) => onChange({ ...question, text: event.currentTarget.value })}
      />
      <AnswerFields {...props} />
      <Textarea
        label={t('editor.explanation')}
        description={t('editor.explanationHelp')}
        autosize
        minRows={1}
        maxLength={4000}
        value={question.explanation ?? ''}
        onChange={(event) => onChange({ ...question, explanation: event.currentTarget.value })}
      />
    </div>
  )
}

function AnswerFields(props: QuestionFieldsProps) {
  switch (props.question.kind) {
    case 'ordering':
      return <OrderFields {...props} />
    case 'matching':
      return <MatchFields {...props} />
    case 'short_text':
      return <AcceptedTexts {...props} />
    case 'number':
      return <NumberFields {...props} />
    default:
      return <ChoiceFields {...props} />
  }
}
