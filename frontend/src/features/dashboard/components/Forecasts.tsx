import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { RoundDue } from '@/components/RoundDue'
import type { StatusFilter } from '@/lib/enrolment-filter'
import { formatDate, formatNumber } from '@/lib/format'
import { useDaysLeft } from '@/lib/useDaysLeft'
import type { Dashboard } from '../api/dashboard'
import classes from './Forecasts.module.css'

/** Everybody who still has to do something. */
const open: StatusFilter[] = ['not_started', 'in_progress', 'interrupted', 'failed']

/** Which rounds will not be finished in time at the pace of the last days, and how that is worked out. */
export function Forecasts({ board, className }: { board: Dashboard; className: string | undefined }) {
  const { t } = useTranslation('dashboard')
  const left = useDaysLeft()
  if (board.forecasts.length === 0) return null
  const overdue = board.rounds.some(({ figures }) => figures.overdue > 0)
  const late = board.forecasts
    .filter((one) => one.late > 0)
    .map((one) => ({ ...one, round: board.rounds.find(({ id }) => id === one.round_id) }))
  return (
    <section className={className} aria-labelledby="forecast-heading">
      <h2 id="forecast-heading">{t('forecast.title')}</h2>
      {late.length === 0 && (
        <p className={classes.note}>{t('forecast.none', { context: overdue ? 'rest' : 'all' })}</p>
      )}
      <ul className={classes.list}>
        {late.map(({ round_id, round, ...one }) => (
          <li key={round_id}>
            <Link to="/report" search={{ round: [round_id], status: open }}>
              {round?.title}
            </Link>
            <span>
              {t('forecast.late', { count: one.late })}
              {round && (
                <>
                  {' '}
                  <RoundDue round={round} />
                </>
              )}
            </span>
            <span className={classes.how}>
              {t('forecast.how', {
                days: one.days,
                recent: formatNumber(one.recent),
                until: formatDate(one.until),
                left: left(one.until),
              })}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.note}>{t('forecast.note')}</p>
    </section>
  )
}
