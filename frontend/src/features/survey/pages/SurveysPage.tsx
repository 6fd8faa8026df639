import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { surveysQuery } from '@/lib/surveys'
import { SurveyResult } from '../components/SurveyResult'

const route = getRouteApi('/shell/rounds/$roundId/surveys')

/** What was answered to the surveys of a round. */
export function SurveysPage() {
  const { t } = useTranslation('survey')
  const { roundId } = route.useParams()
  const surveys = useQuery(surveysQuery(roundId))
  if (surveys.isPending) return <PageSkeleton />
  if (surveys.isLoadingError)
    return <ErrorState page error={surveys.error} onRetry={() => surveys.refetch()} />
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('text')}
        back={
          <Anchor renderRoot={(props) => <Link to="/rounds/$roundId" params={{ roundId }} {...props} />}>
            {t('back')}
          </Anchor>
        }
      />
      {surveys.data.length === 0 && <EmptyState title={t('none')} />}
      {surveys.data.map((survey) => (
        <SurveyResult key={survey.lesson} round={roundId} survey={survey} />
      ))}
    </>
  )
}
