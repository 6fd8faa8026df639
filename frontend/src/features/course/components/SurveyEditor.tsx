import { Button, Radio, Stack, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Body, SurveyBody } from '../api/lessons'
import classes from './QuizEditor.module.css'
import { SurveyQuestionEditor } from './SurveyQuestionEditor'
import { newSurveyQuestion } from './survey'
import { useQuestionList } from './useQuestionList'

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
  const list = useQuestionList(
    questions,
    (next) => set({ questions: next }),
    (number) => t('survey.deleted', { number }),
  )
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
              onChange={(next) => list.replace(index, next)}
              onMove={(by) => list.move(index, by)}
              onDelete={() => list.remove(index)}
            />
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        leftSection={<IconPlus size={20} aria-hidden />}
        disabled={questions.length >= maxQuestions}
        className={classes.add}
        onClick={() => list.add(newSurveyQuestion())}
      >
        {t('survey.add')}
      </Button>
    </Stack>
  )
}
