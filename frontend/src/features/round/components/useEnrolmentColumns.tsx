import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import { formatDate } from '@/lib/format'
import type { Enrolment } from '../api/rounds'
import { EnrolmentStatusBadge } from './EnrolmentStatusBadge'

const own = ['left', 'rule_removed', 'excluded', 'moved']

/** The columns of a round's people. */
export function useEnrolmentColumns(): Column<Enrolment>[] {
  const { t } = useTranslation('round')
  return useMemo(() => {
    const state = (row: Enrolment) =>
      row.person_state === 'active' ? '' : ` (${t('personState', { context: row.person_state })})`
    const reason = (row: Enrolment) =>
      [
        row.reason && own.includes(row.reason) ? t('reason', { context: row.reason }) : row.reason,
        row.self_reported && t('selfReported'),
        row.exempt_until && t('aside.untilWords', { day: formatDate(row.exempt_until) }),
        row.extended_on &&
          t('extend.words', {
            day: formatDate(row.extended_on),
            reason:
              row.extended_reason === 'returned' ? t('reason', { context: 'returned' }) : row.extended_reason,
          }),
      ]
        .filter(Boolean)
        .join(t('separator'))
    return [
      {
        id: 'name',
        header: t('column.name'),
        width: '9.5rem',
        card: 'title',
        cell: (row) => (
          <>
            <Link to="/people/$personId" params={{ personId: row.person.id }}>
              {row.person.name}
            </Link>
            {state(row)}
          </>
        ),
      },
      {
        id: 'department',
        header: t('column.department'),
        width: '9.5rem',
        cell: (row) => row.departments.join(t('separator')),
      },
      {
        id: 'status',
        header: t('column.status'),
        width: '9.5rem',
        cell: (row) => <EnrolmentStatusBadge enrolment={row} />,
      },
      { id: 'due', header: t('column.due'), width: '7rem', cell: (row) => <DateText value={row.due_on} /> },
      {
        id: 'lessons',
        header: t('column.lessons'),
        width: '5.5rem',
        align: 'end',
        cell: (row) => `${row.lessons_done} / ${row.lessons_total}`,
      },
      {
        id: 'score',
        header: t('column.score'),
        width: '4.5rem',
        align: 'end',
        cell: (row) => (row.score === undefined ? '' : row.score),
      },
      {
        id: 'completed',
        header: t('column.completed'),
        width: '7rem',
        cell: (row) => (row.completed_at ? <DateText value={row.completed_at} /> : ''),
      },
      { id: 'reason', header: t('column.reason'), cell: reason },
    ]
  }, [t])
}
