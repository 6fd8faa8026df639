import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/lib/api/problem'
import { formatDateTime } from '@/lib/format'

/** Says to who was the manager why they are asked to log in again: who is it now, since when, and what their account is still for. */
export function HandedOver({ problem: { args } }: { problem: Problem }) {
  const { t } = useTranslation('auth')
  return (
    <Alert mb="lg" title={t('handedOver.title', { name: args?.name })}>
      <p>{t('handedOver.since', { at: formatDateTime(String(args?.at)), name: args?.name })}</p>
      <p>{t('handedOver.left', { context: args?.deputy === true ? 'deputy' : 'staff' })}</p>
    </Alert>
  )
}
