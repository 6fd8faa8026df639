import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Stat } from '@/components/Stat'
import { daysUntil, formatDate } from '@/lib/format'
import type { Dashboard } from '../api/dashboard'
import classes from './Concerns.module.css'

/** What wants doing, the late first; every figure opens the list behind it. */
export function Concerns({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const overdue = board.rounds.reduce((sum, round) => sum + round.figures.overdue, 0)
  const worst = board.rounds.toSorted((a, b) => b.figures.overdue - a.figures.overdue)[0]
  const next = board.rounds.find((round) => daysUntil(round.deadline_on) >= 0)
  const openRound = (id: string, status?: 'overdue') => (body: ReactNode, className: string) => (
    <Link
      to="/rounds/$roundId"
      params={{ roundId: id }}
      search={status ? { status: [status] } : {}}
      className={className}
    >
      {body}
    </Link>
  )
  const mail = board.mail.refused + board.mail.given_up + board.mail.no_address
  return (
    <div className={classes.concerns}>
      <Stat
        label={t('overdue')}
        value={overdue}
        unit={t('people')}
        tone={overdue > 0 ? 'late' : 'good'}
        note={overdue > 0 && worst ? t('overdueMost', { title: worst.title }) : t('overdueNone')}
        {...(worst && { open: openRound(worst.id, 'overdue') })}
      />
      {next && (
        <Stat
          label={t('next')}
          value={daysUntil(next.deadline_on)}
          unit={t('daysLeft')}
          note={`${formatDate(next.deadline_on)}　${next.title}`}
          open={openRound(next.id)}
        />
      )}
      <Stat
        label={t('accounts')}
        value={board.accounts_of_concern}
        unit={t('people')}
        note={t('accountsNote')}
        open={(body, className) => (
          <Link to="/people/concern" className={className}>
            {body}
          </Link>
        )}
      />
      <Stat
        label={t('mail')}
        value={mail}
        unit={t('messages')}
        note={t('mailNote', { kept: board.mail.kept, queued: board.mail.queued })}
        open={(body, className) => (
          <Link to="/mail" className={className}>
            {body}
          </Link>
        )}
      />
    </div>
  )
}
