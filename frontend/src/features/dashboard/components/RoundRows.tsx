import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { RoundDue } from '@/components/RoundDue'
import { StatusBadge } from '@/components/StatusBadge'
import { formatNumber } from '@/lib/format'
import type { DashboardRound } from '../api/dashboard'
import { FigureBar } from './FigureBar'
import classes from './RoundRows.module.css'

/** Open rounds, the soonest deadline first: rate, bar, and what is late as a link to the people. */
export function RoundRows({ rounds }: { rounds: DashboardRound[] }) {
  const { t } = useTranslation('dashboard')
  return (
    <ul className={classes.rows}>
      {rounds.map((round) => (
        <li key={round.id} className={classes.row}>
          <div className={classes.head}>
            <Link to="/rounds/$roundId" params={{ roundId: round.id }} className={classes.title}>
              {round.title}
            </Link>
            <span className={classes.due}>
              <RoundDue round={round} />
            </span>
          </div>
          <FigureBar figures={round.figures} />
          <div className={classes.foot}>
            <span>
              <strong>{round.figures.rate}%</strong>{' '}
              {t('done', {
                completed: formatNumber(round.figures.completed),
                assigned: formatNumber(round.figures.assigned),
              })}
            </span>
            {round.figures.overdue > 0 && (
              <Link to="/report" search={{ round: [round.id], status: ['overdue'] }} className={classes.late}>
                <StatusBadge tone="late">{t('lateCount', { count: round.figures.overdue })}</StatusBadge>
              </Link>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
