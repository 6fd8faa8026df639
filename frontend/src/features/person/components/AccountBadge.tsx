import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import type { Person } from '../api/people'

/** How far somebody is with logging in. */
export function AccountBadge({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const tones: Record<Person['credential'], Tone> = { none: 'idle', one_time: 'paused', chosen: 'good' }
  return (
    <StatusBadge tone={tones[person.credential]}>{t('account', { context: person.credential })}</StatusBadge>
  )
}
