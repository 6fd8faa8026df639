import { TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Question.module.css'
import type { QuestionFieldsProps } from './QuestionFields'
import { maxAccepted } from './questions'
import { AddRow, RowButton } from './RowButton'

/** Every text that is right. */
export function AcceptedTexts({ question, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation('question')
  const accepted = question.accepted ?? []
  const set = (next: string[]) => onChange({ ...question, accepted: next })
  return (
    <fieldset className={classes.choices}>
      <legend>{t('editor.accepted')}</legend>
      <p className={classes.help}>{t('editor.acceptedHelp')}</p>
      {accepted.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no name of their own
        <div key={index} className={classes.choice}>
          <TextInput
            className={classes.choiceText}
            aria-label={t('editor.acceptedOne', { number: index + 1 })}
            maxLength={500}
            value={text}
            onChange={(event) => set(accepted.with(index, event.currentTarget.value))}
          />
          <RowButton
            label={t('editor.removeAccepted', { number: index + 1 })}
            icon={<IconX size={20} aria-hidden />}
            disabled={accepted.length <= 1}
            onClick={() => set(accepted.toSpliced(index, 1))}
          />
        </div>
      ))}
      {accepted.length < maxAccepted && (
        <AddRow label={t('editor.addAccepted')} onClick={() => set([...accepted, ''])} />
      )}
    </fieldset>
  )
}
