import { Accordion } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { QuestionPaper } from '@/components/question/QuestionPaper'
import { RowsSkeleton } from '@/components/Skeletons'
import { versionsQuery } from '../api/questions'
import classes from './Question.module.css'

/** What the question asked before: the evidence of attempts that were made then. */
export function Versions({ id }: { id: string }) {
  const { t } = useTranslation('question')
  const versions = useQuery(versionsQuery(id))
  if (versions.isPending) return <RowsSkeleton rows={2} />
  return (
    <section>
      <h3 className={classes.heading}>{t('versions.title')}</h3>
      <Accordion variant="separated" order={4}>
        {versions.data?.slice(1).map((version) => (
          <Accordion.Item key={version.number} value={String(version.number)}>
            <Accordion.Control>
              {t('versions.one', { number: version.number, name: version.created_by })}{' '}
              <DateText value={version.created_at} />
            </Accordion.Control>
            <Accordion.Panel>
              <QuestionPaper question={version.question} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  )
}
