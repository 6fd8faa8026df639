import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { issuedQuery, issueRecord, previewQuery, recordKeys, saveRecord } from '../api/records'
import { EarlierIssues } from '../components/EarlierIssues'
import { IssueButtons } from '../components/IssueButtons'
import { RecordPreview } from '../components/RecordPreview'
import classes from './TrainingRecordPage.module.css'

const route = getRouteApi('/shell/rounds/$roundId/record')

/** The auditors' document of a round: what will stand in it, issuing it, and what was issued before. */
export function TrainingRecordPage() {
  const { t, i18n } = useTranslation('training_record')
  const { roundId } = route.useParams()
  const query = useQuery(previewQuery(roundId))
  const issued = useQuery(issuedQuery(roundId))
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
  const { content } = query.data
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('title')}
        description={t('text')}
        back={
          <Anchor renderRoot={(props) => <Link to="/rounds/$roundId" params={{ roundId }} {...props} />}>
            {content.title}
          </Anchor>
        }
        action={
          <IssueButtons
            issue={() => issueRecord(roundId)}
            save={(id, format) => saveRecord(id, format, i18n.language)}
            changes={recordKeys.issued(roundId)}
          />
        }
      />
      <EarlierIssues
        kind="round"
        query={issued}
        save={(id, format) => saveRecord(id, format, i18n.language)}
        note={({ digest }) =>
          digest === query.data.digest && <StatusBadge tone="good">{t('issues.current')}</StatusBadge>
        }
      />
      <RecordPreview record={content} />
    </div>
  )
}
