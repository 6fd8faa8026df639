import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Stat } from '@/components/Stat'
import { daysLeft } from '@/lib/days-left'
import { formatDate, formatNumber } from '@/lib/format'
import type { ReportSearch } from '@/lib/report-search'
import type { Dashboard } from '../api/dashboard'
import classes from './Concerns.module.css'
import { mailFates } from './mail-fates'

const open = (search: ReportSearch) => (body: ReactNode, className: string) => (
  <Link to="/report" search={search} className={className}>
    {body}
  </Link>
)

/** What wants doing, the late first; every figure opens the list behind it. */
export function Concerns({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const rounds = board.rounds.map(({ id }) => id)
  const sum = (part: 'overdue' | 'not_started') =>
    board.rounds.reduce((all, { figures }) => all + figures[part], 0)
  const overdue = sum('overdue')
  const waiting = sum('not_started')
  const worst = board.rounds.toSorted((a, b) => b.figures.overdue - a.figures.overdue)[0]
  const next = board.rounds.find((round) => round.due_next)
  const left = next?.due_next ? daysLeft(next.due_next) : undefined
  const { mail } = board
  const lost = mail.refused + mail.no_address + mail.given_up
  return (
    <div className={classes.concerns}>
      <Stat
        label={t('overdue')}
        value={overdue}
        unit={t('places', { count: overdue })}
        tone={overdue > 0 ? 'late' : 'good'}
        note={overdue > 0 && worst ? t('overdueMost', { title: worst.title }) : t('overdueNone')}
        open={open({ round: rounds, status: ['overdue'] })}
      />
      <Stat
        label={t('waiting')}
        value={waiting}
        unit={t('places', { count: waiting })}
        note={t('waitingNote')}
        open={open({ round: rounds, status: ['not_started'] })}
      />
      {next?.due_next && left && (
        <Stat
          label={t('next')}
          {...(left.context === 'today'
            ? { value: t('today') }
            : { value: left.count, unit: t('daysLeft', { count: left.count }) })}
          note={`${formatDate(next.due_next)}　${next.title}`}
          open={open({ round: [next.id] })}
        />
      )}
      {board.accounts_of_concern > 0 && (
        <Stat
          label={t('accounts')}
          value={board.accounts_of_concern}
          unit={t('people', { count: board.accounts_of_concern })}
          note={t('accountsNote')}
          open={(body, className) => (
            <Link to="/people/concern" className={className}>
              {body}
            </Link>
          )}
        />
      )}
      <Stat
        label={t('mail')}
        value={lost}
        unit={t('messages', { count: lost })}
        tone={lost > 0 ? 'late' : 'plain'}
        note={mailFates(mail)
          .map((fate) => t('mailFate', { context: fate, figure: formatNumber(mail[fate]) }))
          .join(t('mailSeparator'))}
        open={(body, className) => (
          <Link to="/mail" className={className}>
            {body}
          </Link>
        )}
      />
    </div>
  )
}
