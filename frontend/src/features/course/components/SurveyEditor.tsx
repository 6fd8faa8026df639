import { Button, Radio, Stack, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import type { Body, SurveyBody, SurveyQuestion } from '../api/lessons'
import classes from './QuizEditor.module.css'
import { SurveyQuestionEditor } from './SurveyQuestionEditor'
import { newSurveyQuestion } from './survey'

const maxQuestions = 100

interface SurveyEditorProps {
  survey: SurveyBody
  onChange: (patch: { body: Body }) => void
}

/** A survey: whether answers bear names, then its questions. */
export function SurveyEditor({ survey, onChange }: SurveyEditorProps) {
  const { t } = useTranslation('course')
  const set = (patch: Partial<SurveyBody>) => onChange({ body: { survey: { ...survey, ...patch } } })
  const questions = survey.questions
  const setQuestions = (next: SurveyQuestion[]) => set({ questions: next })
  const move = (from: number, to: number) => {
    const question = questions[from]
    if (question && to >= 0 && to < questions.length)
      setQuestions(questions.toSpliced(from, 1).toSpliced(to, 0, question))
  }
  const remove = (index: number) => {
    setQuestions(questions.toSpliced(index, 1))
    tell(t('survey.deleted', { number: index + 1 }), {
      undo: { label: t('outline.undo'), run: () => set({ questions }) },
    })
  }
  return (
    <Stack gap="lg">
      <Radio.Group
        label={t('survey.naming')}
        description={t('survey.namingHelp')}
        value={survey.naming ?? ''}
        onChange={(value) => set({ naming: value === 'named' ? 'named' : 'anonymous' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="anonymous" label={t('survey.naming', { context: 'anonymous' })} />
          <Radio value="named" label={t('survey.naming', { context: 'named' })} />
        </Stack>
      </Radio.Group>
      <Textarea
        label={t('survey.intro')}
        autosize
        minRows={2}
        maxLength={4000}
        value={survey.intro ?? ''}
        onChange={(event) => set({ intro: event.currentTarget.value })}
      />
      <ol className={classes.questions}>
        {questions.map((question, index) => (
          <li key={question.id}>
            <SurveyQuestionEditor
              question={question}
              number={index + 1}
              last={index === questions.length - 1}
              onChange={(next) => setQuestions(questions.with(index, next))}
              onMove={(by) => move(index, index + by)}
              onDelete={() => remove(index)}
            />
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        leftSection={<IconPlus size={20} aria-hidden />}
        disabled={questions.length >= maxQuestions}
        className={classes.add}
        onClick={() => setQuestions([...questions, newSurveyQuestion()])}
      >
        {t('survey.add')}
      </Button>
    </Stack>
  )
}
