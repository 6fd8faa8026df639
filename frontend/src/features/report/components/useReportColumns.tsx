import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import { reportSorts } from '@/lib/report-search'
import type { Choice, ReportRow } from '../api/report'
import { ReportStatus } from './ReportStatus'

type Person = ReportRow['person']

const widths: Record<string, string> = {
  login_id: '10rem',
  employee_number: '8rem',
  employment_kind: '7rem',
  status: '13rem',
  due_on: '8rem',
  lessons: '6rem',
  score: '5rem',
  started_on: '8rem',
  completed_on: '8rem',
  last_activity: '8rem',
  spent: '7rem',
  attempts: '7rem',
  certificate: '11rem',
}
const ends = ['lessons', 'score', 'spent', 'attempts']
const system = ['left', 'rule_removed']

const day = (value: string | undefined) => (value ? <DateText value={value} /> : '')

/** What says who somebody is: the same cells in the list and in the grid. */
export function usePersonCell(): (column: string, person: Person) => string {
  const { t } = useTranslation('report')
  return (column, person) => {
    switch (column) {
      case 'name':
        return person.state === 'active'
          ? person.name
          : `${person.name} (${t('state', { context: person.state })})`
      case 'name_kana':
        return person.name_kana
      case 'login_id':
        return person.login_id
      case 'employee_number':
        return person.employee_number
      case 'departments':
        return person.departments.join(t('separator'))
      case 'employment_kind':
        return t('kind', { context: person.employment_kind })
    }
    return person.fields?.[column.replace(/^field:/, '')] ?? ''
  }
}

/** The columns of the list, in the chosen order. */
export function useReportColumns(columns: string[], fields: Choice[]): Column<ReportRow>[] {
  const { t } = useTranslation('report')
  const personCell = usePersonCell()
  return useMemo(() => {
    const cell = (column: string, row: ReportRow) => {
      switch (column) {
        case 'round':
          return row.round_title
        case 'course':
          return row.course_title
        case 'status':
          return <ReportStatus status={row.status} overdue={row.overdue} />
        case 'due_on':
          return day(row.due_on)
        case 'lessons':
          return `${row.lessons_done} / ${row.lessons_total}`
        case 'score':
          return row.score ?? ''
        case 'started_on':
          return day(row.started_at)
        case 'completed_on':
          return day(row.completed_at)
        case 'last_activity':
          return day(row.last_activity_at)
        case 'spent':
          return t('minutes', { count: Math.ceil(row.spent_seconds / 60) })
        case 'attempts':
          return row.attempts
        case 'certificate':
          return row.certificate ?? ''
        case 'basis':
          return row.self_reported ? t('selfReported') : ''
        case 'reason':
          return row.reason && system.includes(row.reason)
            ? t('reason', { context: row.reason })
            : (row.reason ?? '')
      }
      return personCell(column, row.person)
    }
    return columns.map((id) => {
      const field = fields.find((one) => `field:${one.id}` === id)
      const own = id.startsWith('field:')
      return {
        id,
        header: own ? (field?.name ?? t('filter.gone')) : t('column', { context: id }),
        cell: (row: ReportRow) => cell(id, row),
        sortable: reportSorts.some((sort) => sort === id),
        ...(widths[id] && { width: widths[id] }),
        ...(ends.includes(id) && { align: 'end' as const }),
        ...(id === (columns.includes('name') ? 'name' : columns[0]) && { card: 'title' as const }),
      }
    })
  }, [columns, fields, personCell, t])
}
