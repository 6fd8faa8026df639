import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { policyQuery, saveMinimum, savePolicy } from '../api/policy'
import { PolicyForm } from '../components/PolicyForm'
import classes from '../components/Security.module.css'

/** The rules for an organisation's accounts; the association also says what none may go under. */
export function SecurityPage() {
  const { t } = useTranslation('security')
  const query = useQuery(policyQuery)
  const mayWrite = usePermission('security:write')
  const mayDemand = usePermission('security:minimum')
  return (
    <>
      <PageHeader title={t('policy.title')} description={t('policy.text')} />
      {query.isPending && <RowsSkeleton rows={5} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && (
        <div className={classes.pages}>
          {mayDemand && (
            <PolicyForm
              title={t('policy.minimum')}
              text={t('policy.minimumText')}
              value={query.data.minimum}
              readOnly={false}
              save={saveMinimum}
            />
          )}
          <PolicyForm
            title={mayDemand ? t('policy.ownAssociation') : t('policy.own')}
            text={t('policy.ownText')}
            value={query.data.in_force}
            minimum={query.data.minimum}
            readOnly={!mayWrite}
            save={savePolicy}
          />
        </div>
      )}
    </>
  )
}
