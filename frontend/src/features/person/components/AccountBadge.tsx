import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { daysUntil, today } from '@/lib/format'
import type { Person } from '../api/people'

const tones = {
  none: 'idle',
  one_time: 'paused',
  chosen: 'good',
  void: 'bad',
  expired: 'late',
  expiring: 'late',
} satisfies Record<string, Tone>

/** How many days before its end a one-time password is shown to be running out. */
const soon = 3

/** How far somebody is with logging in; a one-time password that has run out, or soon will, says so. */
export function AccountBadge({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const left =
    person.credential === 'one_time' && person.expires_at
      ? new Date(person.expires_at).getTime() - Date.now()
      : undefined
  const state =
    left === undefined
      ? person.credential
      : left <= 0
        ? 'expired'
        : left <= soon * 86_400_000
          ? 'expiring'
          : person.credential
  return (
    <StatusBadge tone={tones[state]}>
      {t('account', {
        context: state,
        count: person.expires_at ? Math.max(0, daysUntil(today(new Date(person.expires_at)))) : 0,
      })}
    </StatusBadge>
  )
}
