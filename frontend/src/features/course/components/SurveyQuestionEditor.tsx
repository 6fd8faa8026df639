import { Button, Group, NumberInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { RowButton } from '@/components/question/RowButton'
import type { SurveyQuestion } from '../api/lessons'
import classes from './QuizEditor.module.css'
import { newChoice, surveyKinds } from './survey'

interface SurveyQuestionEditorProps {
  question: SurveyQuestion
  number: number
  last: boolean
  onChange: (question: SurveyQuestion) => void
  onMove: (by: number) => void
  onDelete: () => void
}

/** One question of a survey, with its place among the others. */
export function SurveyQuestionEditor(props: SurveyQuestionEditorProps) {
  const { question, onChange } = props
  const { t } = useTranslation('course')
  const set = (patch: Partial<SurveyQuestion>) => onChange({ ...question, ...patch })
  const chooses = question.kind === 'single' || question.kind === 'multiple'
  return (
    <fieldset className={classes.question} id={`question-${question.id}`}>
      <Head {...props} />
      <Stack gap="sm">
        <Textarea
          label={t('survey.text')}
          autosize
          maxLength={4000}
          value={question.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
        {chooses && <Choices question={question} set={set} />}
        {question.kind === 'scale' && <Scale question={question} set={set} />}
        <Switch
          label={t('survey.required')}
          checked={question.required ?? false}
          onChange={(event) => set({ required: event.currentTarget.checked })}
        />
      </Stack>
    </fieldset>
  )
}

function Head({ question, number, last, onChange, onMove, onDelete }: SurveyQuestionEditorProps) {
  const { t } = useTranslation('course')
  return (
    <div className={classes.head}>
      <h2 className={classes.number}>{t('survey.number', { number })}</h2>
      <Group gap={4}>
        <Select
          aria-label={t('survey.kindOf', { number })}
          size="sm"
          w="11rem"
          allowDeselect={false}
          value={question.kind}
          data={surveyKinds.map((kind) => ({ value: kind, label: t('survey.kind', { context: kind }) }))}
          onChange={(kind) => kind && onChange({ ...question, kind: kind as SurveyQuestion['kind'] })}
        />
        <RowButton
          label={t('survey.up', { number })}
          icon={<IconArrowUp size={20} aria-hidden />}
          disabled={number === 1}
          onClick={() => onMove(-1)}
        />
        <RowButton
          label={t('survey.down', { number })}
          icon={<IconArrowDown size={20} aria-hidden />}
          disabled={last}
          onClick={() => onMove(1)}
        />
        <RowButton
          label={t('survey.delete', { number })}
          icon={<IconTrash size={20} aria-hidden />}
          onClick={onDelete}
        />
      </Group>
    </div>
  )
}

interface PartProps {
  question: SurveyQuestion
  set: (patch: Partial<SurveyQuestion>) => void
}

function Choices({ question, set }: PartProps) {
  const { t } = useTranslation('course')
  const choices = question.choices
  return (
    <>
      {choices.map((choice, index) => (
        <Group key={choice.id} gap={4} wrap="nowrap" align="flex-end">
          <TextInput
            style={{ flex: 1 }}
            label={t('survey.choice', { number: index + 1 })}
            maxLength={1000}
            value={choice.text}
            onChange={(event) =>
              set({ choices: choices.with(index, { ...choice, text: event.currentTarget.value }) })
            }
          />
          <RowButton
            label={t('survey.deleteChoice', { number: index + 1 })}
            icon={<IconTrash size={20} aria-hidden />}
            onClick={() => set({ choices: choices.toSpliced(index, 1) })}
          />
        </Group>
      ))}
      <Button
        variant="default"
        size="sm"
        className={classes.add}
        leftSection={<IconPlus size={18} aria-hidden />}
        disabled={choices.length >= 20}
        onClick={() => set({ choices: [...choices, newChoice(choices)] })}
      >
        {t('survey.addChoice')}
      </Button>
    </>
  )
}

function Scale({ question, set }: PartProps) {
  const { t } = useTranslation('course')
  return (
    <Group grow align="flex-start">
      <NumberInput
        label={t('survey.steps')}
        min={2}
        max={10}
        clampBehavior="blur"
        value={question.steps ?? 5}
        onChange={(value) => typeof value === 'number' && set({ steps: Math.min(10, Math.round(value)) })}
      />
      <TextInput
        label={t('survey.low')}
        maxLength={100}
        value={question.low ?? ''}
        onChange={(event) => set({ low: event.currentTarget.value })}
      />
      <TextInput
        label={t('survey.high')}
        maxLength={100}
        value={question.high ?? ''}
        onChange={(event) => set({ high: event.currentTarget.value })}
      />
    </Group>
  )
}
