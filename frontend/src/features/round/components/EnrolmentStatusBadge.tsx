import { useTranslation } from 'react-i18next'
import { StatusBadge } from '@/components/StatusBadge'
import { toneOf } from '@/lib/enrolment-status'
import type { Enrolment } from '../api/rounds'

/** Where a person stands; late is said in words beside it. */
export function EnrolmentStatusBadge({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useTranslation('round')
  const word = t('status', { context: enrolment.status })
  if (enrolment.overdue) return <StatusBadge tone="late">{t('status.late', { status: word })}</StatusBadge>
  return <StatusBadge tone={toneOf(enrolment.status)}>{word}</StatusBadge>
}
