import { IconCloudCheck, IconCloudOff, IconCloudUp, IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useOutboxState } from '@/lib/outbox/useOutbox'
import classes from './Player.module.css'

const icons = { saved: IconCloudCheck, saving: IconCloudUp, offline: IconCloudOff, signin: IconLock }

/** Whether everything has reached the server, as icon and words. */
export function SavedState({ person }: { person: string }) {
  const { t } = useTranslation('player')
  const { status } = useOutboxState(person)
  const Icon = icons[status]
  return (
    <span className={classes.saved} data-status={status} role="status">
      <Icon size={18} stroke={1.75} aria-hidden />
      <span>{t('outbox', { context: status })}</span>
    </span>
  )
}
