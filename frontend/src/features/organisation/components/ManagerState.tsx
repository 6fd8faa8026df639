import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Organisation } from '../api/organisations'

/** Whether the manager has ever come in. */
export function ManagerState({ manager }: { manager: Organisation['manager'] }) {
  const { t } = useTranslation('organisation')
  if (manager.credential === '') return t('manager.none')
  if (!manager.last_login_at) return t('manager.never')
  return <DateText value={manager.last_login_at} time />
}
