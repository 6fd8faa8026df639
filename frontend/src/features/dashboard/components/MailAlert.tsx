import { Alert } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { usePermission } from '@/lib/session'

const healthQuery = {
  queryKey: ['dashboard', 'mail_health'] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => take(api.GET('/api/v1/mail/health', { signal })),
}

/** Says in plain words that reminders do not go out. Silent when all is well. */
export function MailAlert() {
  const { t } = useTranslation('dashboard')
  const mayRead = usePermission('mail:read')
  const health = useQuery({ ...healthQuery, enabled: mayRead }).data
  if (!health || (health.has_server && health.failing === 0)) return null
  return (
    <Alert
      icon={<IconMailOff aria-hidden />}
      color={health.has_server ? 'red' : 'yellow'}
      title={health.has_server ? t('mailAway.title') : t('mailAway.none')}
    >
      {health.has_server ? t('mailAway.text', { count: health.failing }) : t('mailAway.noneText')}{' '}
      <Link to="/mail">{t('mailAway.open')}</Link>
    </Alert>
  )
}
