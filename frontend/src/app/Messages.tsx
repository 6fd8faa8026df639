import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'

/** Where short messages appear (`notifications.show`). */
export function Messages() {
  const { t } = useTranslation('common')
  return <Notifications position="bottom-center" aria-label={t('messages')} />
}
