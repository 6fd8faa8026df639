import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import type { Fate } from '../api/filter'

const tones: Record<Fate, Tone> = {
  queued: 'active',
  sent: 'good',
  refused: 'bad',
  given_up: 'bad',
  dropped: 'out',
  no_address: 'late',
  kept: 'idle',
}

/** What became of a message. */
export function FateBadge({ fate }: { fate: Fate }) {
  const { t } = useTranslation('mail')
  return <StatusBadge tone={tones[fate]}>{t('fate', { context: fate })}</StatusBadge>
}
