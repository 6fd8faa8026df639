import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { designQuery } from '../api/design'
import { DesignForm } from '../components/DesignForm'

/** How the organisation's completion certificates look. */
export function DesignPage() {
  const { t } = useTranslation('certificate_design')
  const query = useQuery(designQuery)
  const mayWrite = usePermission('certificate_design:write')
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      {query.isPending && <RowsSkeleton rows={6} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && <DesignForm key={query.data.number} design={query.data} readOnly={!mayWrite} />}
    </>
  )
}
