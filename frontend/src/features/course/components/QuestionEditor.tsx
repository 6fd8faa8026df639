import { Group, Select } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { QuestionFields } from '@/components/question/QuestionFields'
import { ofKind, type Question, type QuestionKind, questionKinds } from '@/components/question/questions'
import { RowButton } from '@/components/question/RowButton'
import { useKindName } from '@/components/question/useKindName'
import classes from './QuizEditor.module.css'

interface QuestionEditorProps {
  question: Question
  number: number
  last: boolean
  onChange: (question: Question) => void
  onMove: (by: number) => void
  onDelete: () => void
}

/** One question of a quiz, with its place among the others. */
export function QuestionEditor(props: QuestionEditorProps) {
  const { question, number, onChange } = props
  return (
    <fieldset className={classes.question} id={`question-${question.id}`}>
      <Head {...props} />
      <QuestionFields question={question} number={number} onChange={onChange} />
    </fieldset>
  )
}

function Head({ question, number, last, onChange, onMove, onDelete }: QuestionEditorProps) {
  const { t } = useTranslation('course')
  const kindName = useKindName()
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
          data={questionKinds.map((kind) => ({ value: kind, label: kindName(kind) }))}
          onChange={(kind) => kind && onChange(ofKind(question, kind as QuestionKind))}
        />
        <RowButton
          label={t('quiz.up', { number })}
          icon={<IconArrowUp size={20} aria-hidden />}
          disabled={number === 1}
          onClick={() => onMove(-1)}
        />
        <RowButton
          label={t('quiz.down', { number })}
          icon={<IconArrowDown size={20} aria-hidden />}
          disabled={last}
          onClick={() => onMove(1)}
        />
        <RowButton
          label={t('quiz.delete', { number })}
          icon={<IconTrash size={20} aria-hidden />}
          onClick={onDelete}
        />
      </Group>
    </div>
  )
}
