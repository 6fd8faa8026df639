import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { formatDate } from '@/lib/format'

/** Tells on the manager's first page of reorganisations whose day came and that could not be done. It needs `texts('department')` at the route. */
export function FailedPlans() {
  const { t } = useTranslation('department')
  const plans = useQuery({
    queryKey: ['departments', 'plans'],
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/department-plans', { signal }))).items ?? [],
  })
  const failed = (plans.data ?? []).filter((one) => one.state === 'failed')
  if (failed.length === 0) return null
  return (
    <Alert color="red" mb="lg" title={t('plan.notice')}>
      {failed.map((one) => (
        <div key={one.id}>
          {formatDate(one.effective_on)}{' '}
          <Link to="/departments/plans/$planId" params={{ planId: one.id }}>
            {one.title}
          </Link>
        </div>
      ))}
    </Alert>
  )
}
