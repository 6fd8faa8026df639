import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import type { Handover } from '../api/handovers'
import classes from './Handover.module.css'

const tones: Record<Handover['state'], Tone> = {
  offered: 'active',
  accepted: 'good',
  declined: 'bad',
  cancelled: 'out',
  expired: 'late',
}

/** What became of earlier offers. */
export function HandoverHistory({ list }: { list: Handover[] }) {
  const { t } = useTranslation('handover')
  if (list.length === 0) return null
  return (
    <section className={classes.history} aria-labelledby="history-heading">
      <h2 id="history-heading">{t('history')}</h2>
      <ul>
        {list.map((one) => (
          <li key={one.id}>
            <StatusBadge tone={tones[one.state]}>{t('state', { context: one.state })}</StatusBadge>
            <span>{t('fromTo', { from: one.from.name, to: one.to.name })}</span>
            <DateText value={one.decided_at ?? one.created_at} />
            {one.answer && <span>{t('answered', { answer: one.answer })}</span>}
            {one.offered_by === 'association' && <span>{t('byAssociation')}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
