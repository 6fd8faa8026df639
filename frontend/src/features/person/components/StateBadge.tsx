import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import type { Person } from '../api/people'

/** Whether somebody takes part. */
export function StateBadge({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const tones: Record<Person['state'], Tone> = {
    active: 'active',
    suspended: 'paused',
    left: 'out',
    anonymised: 'out',
  }
  return <StatusBadge tone={tones[person.state]}>{t('state', { context: person.state })}</StatusBadge>
}
