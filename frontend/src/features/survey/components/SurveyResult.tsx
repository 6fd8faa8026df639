import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { exportSurvey, type Survey, surveyQuery } from '../api/surveys'
import { QuestionBars } from './QuestionBars'
import classes from './Survey.module.css'

/** One survey: how many answered, then question by question. */
export function SurveyResult({ round, survey }: { round: string; survey: Survey }) {
  const { t } = useTranslation('survey')
  const result = useQuery(surveyQuery(round, survey.lesson))
  const now = result.data ?? survey
  const held = now.answered - now.shown
  return (
    <section className={classes.survey} aria-labelledby={`s-${survey.lesson}`}>
      <div className={classes.head}>
        <h2 id={`s-${survey.lesson}`}>{survey.title}</h2>
        {now.shown > 0 && <Export round={round} lesson={survey.lesson} />}
      </div>
      <p className={classes.facts}>
        {t('naming', { context: survey.naming })} · {t('answered', { count: now.answered })}
      </p>
      {held > 0 && <p className={classes.held}>{t('held', { count: held })}</p>}
      {result.isPending && <RowsSkeleton rows={4} />}
      {result.isError && <ErrorState error={result.error} onRetry={() => result.refetch()} />}
      {result.data && now.answered === 0 && <p>{t('nothing')}</p>}
      {result.data && now.shown > 0 && (
        <ol className={classes.questions}>
          {result.data.results.map((one, index) => (
            <li key={one.question.id}>
              <QuestionBars result={one} number={index + 1} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Export({ round, lesson }: { round: string; lesson: string }) {
  const { t, i18n } = useTranslation('survey')
  const words = useProblem()
  const save = useMutation({
    mutationFn: (format: 'xlsx' | 'csv') => exportSurvey(round, lesson, format, i18n.language),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group gap="xs" className="no-print">
      {(['xlsx', 'csv'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format)}
        >
          {t('export', { context: format })}
        </Button>
      ))}
    </Group>
  )
}
