import { Button, Menu, NumberInput, Select, Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { newQuestion, type QuestionKind, questionKinds } from '@/components/question/questions'
import { useKindName } from '@/components/question/useKindName'
import type { Body, QuizBody } from '../api/lessons'
import { QuestionEditor } from './QuestionEditor'
import { QuizDraws } from './QuizDraws'
import classes from './QuizEditor.module.css'
import { useQuestionList } from './useQuestionList'

const maxQuestions = 200

interface QuizEditorProps {
  quiz: QuizBody
  onChange: (patch: { body: Body }) => void
}

/** A quiz: the rules, then its questions. */
export function QuizEditor({ quiz, onChange }: QuizEditorProps) {
  const { t } = useTranslation('course')
  const kindName = useKindName()
  const set = (patch: Partial<QuizBody>) => onChange({ body: { quiz: { ...quiz, ...patch } } })
  const questions = quiz.questions
  const list = useQuestionList(
    questions,
    (next) => set({ questions: next }),
    (number) => t('quiz.deleted', { number }),
  )
  return (
    <Stack gap="lg">
      <QuizRules quiz={quiz} set={set} />
      <ol className={classes.questions}>
        {questions.map((question, index) => (
          <li key={question.id}>
            <QuestionEditor
              question={question}
              number={index + 1}
              last={index === questions.length - 1}
              onChange={(next) => list.replace(index, next)}
              onMove={(by) => list.move(index, by)}
              onDelete={() => list.remove(index)}
            />
          </li>
        ))}
      </ol>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconPlus size={20} aria-hidden />}
            disabled={questions.length >= maxQuestions}
            className={classes.add}
          >
            {t('quiz.add')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {questionKinds.map((kind: QuestionKind) => (
            <Menu.Item key={kind} onClick={() => list.add(newQuestion(kind))}>
              {kindName(kind)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <QuizDraws draws={quiz.draws ?? []} onChange={(draws) => set({ draws })} />
    </Stack>
  )
}

function QuizRules({ quiz, set }: { quiz: QuizBody; set: (patch: Partial<QuizBody>) => void }) {
  const { t } = useTranslation('course')
  const number = (value: string | number) => (typeof value === 'number' ? Math.round(value) : 0)
  return (
    <section className={classes.rules} aria-label={t('quiz.rules')}>
      <NumberInput
        label={t('quiz.pass')}
        description={t('quiz.passHelp')}
        min={1}
        max={100}
        clampBehavior="blur"
        suffix="%"
        value={quiz.pass_percent}
        onChange={(value) => set({ pass_percent: Math.min(100, number(value)) })}
      />
      <NumberInput
        label={t('quiz.attempts')}
        description={t('quiz.attemptsHelp')}
        min={0}
        max={100}
        clampBehavior="blur"
        value={quiz.max_attempts ?? 0}
        onChange={(value) => set({ max_attempts: Math.min(100, number(value)) })}
      />
      <Select
        label={t('quiz.show')}
        allowDeselect={false}
        value={quiz.show}
        data={[
          { value: 'after_pass', label: t('quiz.show_after_pass') },
          { value: 'after_submit', label: t('quiz.show_after_submit') },
          { value: 'never', label: t('quiz.show_never') },
        ]}
        onChange={(value) => value && set({ show: value as QuizBody['show'] })}
      />
      <Select
        label={t('quiz.again')}
        allowDeselect={false}
        value={quiz.again ?? 'all'}
        data={[
          { value: 'all', label: t('quiz.again_all') },
          { value: 'failed', label: t('quiz.again_failed') },
        ]}
        onChange={(value) => set({ again: value === 'failed' ? 'failed' : 'all' })}
      />
      <NumberInput
        label={t('quiz.timeLimit')}
        description={t('quiz.timeLimitHelp')}
        min={0}
        max={600}
        clampBehavior="blur"
        value={quiz.time_limit ?? 0}
        onChange={(value) => set({ time_limit: Math.min(600, Math.max(0, number(value))) })}
      />
      {(quiz.draws?.length ?? 0) > 0 && (
        <Select
          label={t('quiz.set')}
          allowDeselect={false}
          value={quiz.set ?? 'attempt'}
          data={[
            { value: 'attempt', label: t('quiz.set_attempt') },
            { value: 'round', label: t('quiz.set_round') },
          ]}
          onChange={(value) => set({ set: value === 'round' ? 'round' : 'attempt' })}
        />
      )}
      <div className={classes.switches}>
        <Switch
          label={t('quiz.shuffle')}
          checked={quiz.shuffle ?? false}
          onChange={(event) => set({ shuffle: event.currentTarget.checked })}
        />
        <Switch
          label={t('quiz.shuffleChoices')}
          checked={quiz.shuffle_choices ?? false}
          onChange={(event) => set({ shuffle_choices: event.currentTarget.checked })}
        />
      </div>
    </section>
  )
}
