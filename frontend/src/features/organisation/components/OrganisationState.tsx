import { useTranslation } from 'react-i18next'
import { StatusBadge } from '@/components/StatusBadge'
import type { Organisation } from '../api/organisations'

/** Whether people of the organisation can log in. */
export function OrganisationState({ state }: { state: Organisation['state'] }) {
  const { t } = useTranslation('organisation')
  return (
    <StatusBadge tone={state === 'active' ? 'good' : 'paused'}>{t('state', { context: state })}</StatusBadge>
  )
}
