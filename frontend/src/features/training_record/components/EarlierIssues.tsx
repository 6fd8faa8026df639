import { Anchor } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { issuedQuery, saveRecord } from '../api/records'
import classes from './EarlierIssues.module.css'

/** What was issued before. An issue never changes; its digest proves it. */
export function EarlierIssues({ round, current }: { round: string; current: string }) {
  const { t, i18n } = useTranslation('training_record')
  const query = useQuery(issuedQuery(round))
  const words = useProblem()
  const save = useMutation({
    mutationFn: ({ id, format }: { id: string; format: 'pdf' | 'xlsx' | 'json' }) =>
      saveRecord(id, format, i18n.language),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <section aria-labelledby="issues-heading" className={`${classes.issues} no-print`}>
      <h2 id="issues-heading">{t('issues.title')}</h2>
      {query.isPending && <RowsSkeleton rows={1} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.length === 0 && <p>{t('issues.none')}</p>}
      <ul>
        {query.data?.map((issue) => (
          <li key={issue.id}>
            <div className={classes.head}>
              <strong>{t('issues.number', { number: issue.number })}</strong>
              <DateText value={issue.created_at} time />
              <span>{issue.created_by}</span>
              {issue.digest === current && <StatusBadge tone="good">{t('issues.current')}</StatusBadge>}
            </div>
            <div className={classes.files}>
              {(['pdf', 'xlsx', 'json'] as const).map((format) => (
                <Anchor
                  key={format}
                  component="button"
                  type="button"
                  onClick={() => save.mutate({ id: issue.id, format })}
                  aria-label={t('issues.download', { format: format.toUpperCase(), number: issue.number })}
                >
                  {format.toUpperCase()}
                </Anchor>
              ))}
            </div>
            <code className={classes.digest}>{issue.digest}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
