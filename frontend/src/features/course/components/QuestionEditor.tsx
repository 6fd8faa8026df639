import { ActionIcon, Button, Checkbox, Group, Radio, Select, Textarea, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Choice, Question } from '../api/lessons'
import { mark, newChoice, ofKind, type QuestionKind, questionKinds, withoutChoice } from '../saving/questions'
import classes from './QuizEditor.module.css'

const maxChoices = 20

interface QuestionEditorProps {
  question: Question
  number: number
  last: boolean
  onChange: (question: Question) => void
  onMove: (by: number) => void
  onDelete: () => void
}

/** One question: its text, its choices with the right ones marked, and the explanation shown afterwards. */
export function QuestionEditor(props: QuestionEditorProps) {
  const { question, number, onChange } = props
  const { t } = useTranslation('course')
  const choose = (choice: Choice) =>
    onChange({ ...question, choices: question.choices.map((one) => (one.id === choice.id ? choice : one)) })
  return (
    <fieldset className={classes.question} id={`question-${question.id}`}>
      <Head {...props} />
      <Textarea
        label={t('quiz.text')}
        autosize
        minRows={2}
        maxLength={4000}
        value={question.text}
        onChange={(event) => onChange({ ...question, text: event.currentTarget.value })}
      />
      <fieldset className={classes.choices}>
        <legend>{t(question.kind === 'multiple' ? 'quiz.choicesMultiple' : 'quiz.choices')}</legend>
        {question.choices.map((choice, index) => (
          <ChoiceRow
            key={choice.id}
            question={question}
            choice={choice}
            label={t('quiz.choice', { question: number, number: index + 1 })}
            onText={(text) => choose({ ...choice, text })}
            onMark={(right) => onChange(mark(question, choice.id, right))}
            onDelete={() => onChange(withoutChoice(question, choice.id))}
          />
        ))}
        {question.kind !== 'true_false' && question.choices.length < maxChoices && (
          <Button
            size="sm"
            variant="subtle"
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={() =>
              onChange({ ...question, choices: [...question.choices, newChoice(question.choices)] })
            }
          >
            {t('quiz.addChoice')}
          </Button>
        )}
      </fieldset>
      <Textarea
        label={t('quiz.explanation')}
        description={t('quiz.explanationHelp')}
        autosize
        minRows={1}
        maxLength={4000}
        value={question.explanation ?? ''}
        onChange={(event) => onChange({ ...question, explanation: event.currentTarget.value })}
      />
    </fieldset>
  )
}

function Head({ question, number, last, onChange, onMove, onDelete }: QuestionEditorProps) {
  const { t } = useTranslation('course')
  const button = (label: string, icon: React.ReactNode, act: () => void, disabled = false) => (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} disabled={disabled} onClick={act}>
      {icon}
    </ActionIcon>
  )
  return (
    <div className={classes.head}>
      <h2 className={classes.number}>{t('quiz.number', { number })}</h2>
      <Group gap={4}>
        <Select
          aria-label={t('quiz.kindOf', { number })}
          size="sm"
          w="11rem"
          allowDeselect={false}
          value={question.kind}
          data={questionKinds.map((kind) => ({ value: kind, label: t('quiz.kind', { context: kind }) }))}
          onChange={(kind) => kind && onChange(ofKind(question, kind as QuestionKind))}
        />
        {button(
          t('quiz.up', { number }),
          <IconArrowUp size={20} aria-hidden />,
          () => onMove(-1),
          number === 1,
        )}
        {button(t('quiz.down', { number }), <IconArrowDown size={20} aria-hidden />, () => onMove(1), last)}
        {button(t('quiz.delete', { number }), <IconTrash size={20} aria-hidden />, onDelete)}
      </Group>
    </div>
  )
}

interface ChoiceRowProps {
  question: Question
  choice: Choice
  label: string
  onText: (text: string) => void
  onMark: (right: boolean) => void
  onDelete: () => void
}

function ChoiceRow({ question, choice, label, onText, onMark, onDelete }: ChoiceRowProps) {
  const { t } = useTranslation('course')
  const right = question.correct.includes(choice.id)
  const fixed = question.kind === 'true_false'
  const name = fixed ? t('quiz.answer', { context: choice.id }) : label
  const marking = { 'aria-label': t('quiz.right', { choice: name }), checked: right }
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
            value={choice.text}
            onChange={(event) => onText(event.currentTarget.value)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t('quiz.removeChoice', { choice: label })}
            disabled={question.choices.length <= 2}
            onClick={onDelete}
          >
            <IconX size={20} aria-hidden />
          </ActionIcon>
        </>
      )}
    </div>
  )
}
