import { TextInput } from '@mantine/core'
import { IconArrowRight, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Question.module.css'
import type { QuestionFieldsProps } from './QuestionFields'
import {
  addPair,
  maxChoices,
  newChoice,
  saidTwice,
  strayTargets,
  targetOf,
  withoutPair,
  withText,
} from './questions'
import { AddRow, RowButton } from './RowButton'

/** Pairs that belong together, and what leads astray. */
export function MatchFields({ question, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation('question')
  const targets = question.targets ?? []
  const twice = saidTwice(question.choices)
  const setTarget = (id: string, text: string) =>
    onChange({ ...question, targets: withText(targets, id, text) })
  return (
    <>
      <fieldset className={classes.choices}>
        <legend>{t('editor.pairs')}</legend>
        <p className={classes.help}>{t('editor.pairsHelp')}</p>
        {question.choices.map((choice, index) => {
          const number = index + 1
          const target = targetOf(question, choice.id)
          return (
            <div key={choice.id} className={classes.pair}>
              <TextInput
                aria-label={t('editor.left', { number })}
                maxLength={1000}
                error={twice.has(choice.id) && t('editor.twice')}
                value={choice.text}
                onChange={(event) =>
                  onChange({
                    ...question,
                    choices: withText(question.choices, choice.id, event.currentTarget.value),
                  })
                }
              />
              <IconArrowRight size={18} aria-hidden />
              <TextInput
                aria-label={t('editor.matched', { number })}
                maxLength={1000}
                value={target?.text ?? ''}
                onChange={(event) => target && setTarget(target.id, event.currentTarget.value)}
              />
              <RowButton
                label={t('editor.removePair', { number })}
                icon={<IconX size={20} aria-hidden />}
                disabled={question.choices.length <= 2}
                onClick={() => onChange(withoutPair(question, choice.id))}
              />
            </div>
          )
        })}
        {targets.length < maxChoices && (
          <AddRow label={t('editor.addPair')} onClick={() => onChange(addPair(question))} />
        )}
      </fieldset>
      <fieldset className={classes.choices}>
        <legend>{t('editor.stray')}</legend>
        {strayTargets(question).map((target, index) => (
          <div key={target.id} className={classes.choice}>
            <TextInput
              className={classes.choiceText}
              aria-label={t('editor.strayOne', { number: index + 1 })}
              maxLength={1000}
              value={target.text}
              onChange={(event) => setTarget(target.id, event.currentTarget.value)}
            />
            <RowButton
              label={t('editor.removeStray', { number: index + 1 })}
              icon={<IconX size={20} aria-hidden />}
              onClick={() =>
                onChange({ ...question, targets: targets.filter((one) => one.id !== target.id) })
              }
            />
          </div>
        ))}
        {targets.length < maxChoices && (
          <AddRow
            label={t('editor.addStray')}
            onClick={() => onChange({ ...question, targets: [...targets, newChoice(targets)] })}
          />
        )}
      </fieldset>
    </>
  )
}
