import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProgressRing } from '@/components/ProgressRing'
import { Stat } from '@/components/Stat'
import type { StatusFilter } from '@/lib/enrolment-filter'
import type { Round } from '../api/rounds'
import classes from './RoundFigures.module.css'

/** How a round stands, in figures; each opens the list behind it. */
export function RoundFigures({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const f = round.figures
  const open = (status: StatusFilter[]) => (body: ReactNode, className: string) => (
    <Link
      to="/rounds/$roundId"
      params={{ roundId: round.id }}
      search={{ status }}
      className={className}
      resetScroll={false}
    >
      {body}
    </Link>
  )
  return (
    <div className={classes.figures}>
      <div className={classes.ring}>
        <ProgressRing percent={f.rate} size={104} label={t('figures.rate')} />
        <p>{t('figures.done', { completed: f.completed, assigned: f.assigned })}</p>
      </div>
      <div className={classes.stats}>
        <Stat
          label={t('status_overdue')}
          value={f.overdue}
          unit={t('people', { count: f.overdue })}
          tone={f.overdue > 0 ? 'late' : 'plain'}
          open={open(['overdue'])}
        />
        <Stat
          label={t('status_not_started')}
          value={f.not_started}
          unit={t('people', { count: f.not_started })}
          open={open(['not_started'])}
        />
        <Stat
          label={t('status_in_progress')}
          value={f.in_progress}
          unit={t('people', { count: f.in_progress })}
          open={open(['in_progress', 'interrupted'])}
        />
        <Stat
          label={t('status_failed')}
          value={f.failed}
          unit={t('people', { count: f.failed })}
          tone={f.failed > 0 ? 'bad' : 'plain'}
          open={open(['failed'])}
        />
        <Stat
          label={t('status_completed')}
          value={f.completed}
          unit={t('people', { count: f.completed })}
          tone="good"
          open={open(['completed'])}
        />
        <Stat
          label={t('figures.aside')}
          value={f.exempt + f.withdrawn}
          unit={t('people', { count: f.exempt + f.withdrawn })}
          open={open(['exempt', 'withdrawn'])}
        />
      </div>
    </div>
  )
}
