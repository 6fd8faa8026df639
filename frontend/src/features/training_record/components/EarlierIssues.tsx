import { Anchor, Button } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { type UseQueryResult, useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import type { Shareable } from '../api/links'
import type { Format, IssuedRecord } from '../api/records'
import classes from './EarlierIssues.module.css'
import { ShareDialog } from './ShareDialog'

interface EarlierIssuesProps<Issue extends IssuedRecord> {
  kind: Shareable['kind']
  query: UseQueryResult<Issue[]>
  save: (id: string, format: Format) => Promise<void>
  /** What else there is to say about an issue. */
  note: (issue: Issue) => ReactNode
}

/** What was issued before, with its files and links for auditors. An issue never changes; its digest proves it. */
export function EarlierIssues<Issue extends IssuedRecord>(props: EarlierIssuesProps<Issue>) {
  const { kind, query, save, note } = props
  const { t } = useTranslation('training_record')
  const [sharing, setSharing] = useState<Shareable | null>(null)
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
              {note(issue)}
            </div>
            <div className={classes.files}>
              <Files issue={issue} save={save} />
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconLink size={16} aria-hidden />}
                aria-label={t('share.actionOf', { number: issue.number })}
                onClick={() => setSharing({ kind, record: issue.id, number: issue.number })}
              >
                {t('share.action')}
              </Button>
            </div>
            <code className={classes.digest}>{issue.digest}</code>
          </li>
        ))}
      </ul>
      {sharing && <ShareDialog what={sharing} onClose={() => setSharing(null)} />}
    </section>
  )
}

function Files({ issue, save }: { issue: IssuedRecord; save: EarlierIssuesProps<IssuedRecord>['save'] }) {
  const { t } = useTranslation('training_record')
  const words = useProblem()
  const act = useMutation({
    mutationFn: (format: Format) => save(issue.id, format),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (['pdf', 'xlsx', 'json'] as const).map((format) => (
    <Anchor
      key={format}
      component="button"
      type="button"
      onClick={() => act.mutate(format)}
      aria-label={t('issues.download', { format: format.toUpperCase(), number: issue.number })}
    >
      {format.toUpperCase()}
    </Anchor>
  ))
}
