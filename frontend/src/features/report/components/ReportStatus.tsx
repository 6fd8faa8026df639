import { useTranslation } from 'react-i18next'
import { StatusBadge } from '@/components/StatusBadge'
import { type EnrolmentStatus, toneOf } from '@/lib/enrolment-status'

/** Where a person stands; late is said in words beside it. */
export function ReportStatus({ status, overdue }: { status: EnrolmentStatus; overdue: boolean }) {
  const { t } = useTranslation('report')
  const word = t('status', { context: status })
  if (overdue) return <StatusBadge tone="late">{t('status.late', { status: word })}</StatusBadge>
  return <StatusBadge tone={toneOf(status)}>{word}</StatusBadge>
}
