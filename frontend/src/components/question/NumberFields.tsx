import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Question.module.css'
import type { QuestionFieldsProps } from './QuestionFields'

/** The right number, and how far off is still right. */
export function NumberFields({ question, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation('question')
  return (
    <div className={classes.number}>
      <TextInput
        label={t('editor.numberRight')}
        description={t('editor.numberHelp')}
        inputMode="decimal"
        maxLength={40}
        value={question.number ?? ''}
        onChange={(event) => onChange({ ...question, number: event.currentTarget.value })}
      />
      <TextInput
        label={t('editor.tolerance')}
        description={t('editor.toleranceHelp')}
        inputMode="decimal"
        maxLength={40}
        value={question.tolerance ?? ''}
        onChange={(event) => onChange({ ...question, tolerance: event.currentTarget.value })}
      />
    </div>
  )
}
