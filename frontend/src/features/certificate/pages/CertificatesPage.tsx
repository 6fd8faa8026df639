import { IconCertificate } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { ownCertificates } from '../api/certificates'
import { CertificateCard } from '../components/CertificateCard'
import classes from '../components/CertificateCard.module.css'

/** My certificates. */
export function CertificatesPage() {
  const { t } = useTranslation('certificate')
  const list = useQuery(ownCertificates)
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {list.isPending && <RowsSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && (
        <EmptyState icon={IconCertificate} title={t('empty.title')} text={t('empty.text')} />
      )}
      {list.data && list.data.length > 0 && (
        <ul className={classes.list}>
          {list.data.map((one) => (
            <li key={one.id}>
              <CertificateCard certificate={one} />
            </li>
          ))}
        </ul>
      )}
      {list.data?.some((one) => !one.revoked_at) && <p>{t('badgeHelp')}</p>}
    </>
  )
}
