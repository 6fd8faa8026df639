import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { handoversQuery, ownHandoverQuery } from '../api/handovers'
import classes from '../components/Handover.module.css'
import { HandoverHistory } from '../components/HandoverHistory'
import { Invitation } from '../components/Invitation'
import { OfferForm } from '../components/OfferForm'
import { OpenOffer } from '../components/OpenOffer'

/** The change of the manager: for who is asked, the question; for the manager, the asking and what became of it. */
export function HandoverPage() {
  const { t } = useTranslation('handover')
  const manages = usePermission('handover:read')
  const own = useQuery(ownHandoverQuery)
  if (own.isPending) return <RowsSkeleton rows={4} />
  if (own.isLoadingError) return <ErrorState page error={own.error} onRetry={() => own.refetch()} />
  return (
    <div className={classes.page}>
      <PageHeader title={t('title')} description={manages && !own.data ? t('text') : undefined} />
      {own.data && <Invitation handover={own.data} />}
      {!own.data && !manages && <EmptyState title={t('none.title')} text={t('none.text')} />}
      {manages && <Manage invited={!!own.data} />}
    </div>
  )
}

function Manage({ invited }: { invited: boolean }) {
  const { t } = useTranslation('handover')
  const may = usePermission('handover:write')
  const query = useQuery(handoversQuery)
  if (query.isPending) return <RowsSkeleton rows={4} />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const open = query.data.find(({ state }) => state === 'offered')
  return (
    <>
      {open && !invited && <OpenOffer handover={open} may={may} />}
      {!open && may && <OfferForm />}
      {!open && !may && <p>{t('managerOnly')}</p>}
      <HandoverHistory list={query.data.filter((one) => one !== open)} />
    </>
  )
}
