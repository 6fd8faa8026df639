import { useTranslation } from 'react-i18next'
import type { AuditEvent } from '../api/events'
import classes from './Audit.module.css'

/** Who did it, and the role that allowed it. */
export function Actor({ event }: { event: AuditEvent }) {
  const { t } = useTranslation('audit')
  if (event.actor_kind !== 'person' && event.actor_kind !== 'token')
    return t('actor', { context: event.actor_kind })
  return (
    <>
      {event.actor_name}
      {event.actor_role !== '' && (
        <span className={classes.role}>{t('role', { context: event.actor_role })}</span>
      )}
    </>
  )
}
