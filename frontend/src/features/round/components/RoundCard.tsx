import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ProgressRing } from '@/components/ProgressRing'
import { RoundDue } from '@/components/RoundDue'
import { StatusBadge } from '@/components/StatusBadge'
import { daysLeft } from '@/lib/days-left'
import { today } from '@/lib/format'
import { countdownTo, isRelative } from '@/lib/round-due'
import { useDaysLeft } from '@/lib/useDaysLeft'
import type { Round } from '../api/rounds'
import classes from './RoundCard.module.css'

/** One round in the list: how far, until when, who is late. */
export function RoundCard({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const { figures } = round
  return (
    <li className={classes.card}>
      <ProgressRing percent={figures.rate} size={64} label={t('rateOf', { title: round.title })} />
      <div className={classes.words}>
        <h2 className={classes.title}>
          <Link to="/rounds/$roundId" params={{ roundId: round.id }}>
            {round.title}
          </Link>
        </h2>
        <p className={classes.course}>{round.course_title}</p>
        <p className={classes.facts}>
          <span>
            <RoundDue round={round} />
          </span>
          <Left round={round} />
          <span>{t('figures.done', { completed: figures.completed, assigned: figures.assigned })}</span>
          {round.recurring && <span>{t('again')}</span>}
          {round.stuck && <StatusBadge tone="late">{t('stuck')}</StatusBadge>}
          {figures.overdue > 0 && (
            <StatusBadge tone="late">{t('lateCount', { count: figures.overdue })}</StatusBadge>
          )}
        </p>
      </div>
    </li>
  )
}

function Left({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const words = useDaysLeft()
  if (round.state === 'closed') return <StatusBadge tone="out">{t('state_closed')}</StatusBadge>
  const day = countdownTo(round, today())
  if (!day) return null
  const left = daysLeft(day)
  if (isRelative(round) && round.due_next) return <span>{t('nextLeft', { count: left.count })}</span>
  if (left.context === 'late') return <span>{t('daysPast', { count: left.count })}</span>
  return <span>{words(day)}</span>
}
