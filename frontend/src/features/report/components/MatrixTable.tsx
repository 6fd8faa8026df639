import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import type { ReportSearch } from '@/lib/report-search'
import { type Cell, type Choice, type MatrixRound, type MatrixRow, matrixQuery } from '../api/report'
import { allColumns } from './columns'
import classes from './MatrixTable.module.css'
import { ReportStatus } from './ReportStatus'
import { NoRows } from './ReportTable'
import { usePersonCell } from './useReportColumns'

const personal = allColumns.slice(0, 6) as readonly string[]

interface MatrixTableProps {
  search: ReportSearch
  columns: string[]
  fields: Choice[]
  tools: ReactNode
}

/** A row for every person, a column for every round: who has done what, at a glance. */
export function MatrixTable({ search, columns, fields, tools }: MatrixTableProps) {
  const { t } = useTranslation('report')
  const navigate = useNavigate()
  const query = useInfiniteQuery(matrixQuery(search, columns))
  const rounds = query.data?.pages[0]?.rounds ?? none
  const shown = useMatrixColumns(columns, fields, rounds)
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <DataTable<MatrixRow>
      label={t('title')}
      columns={shown}
      rows={query.data?.pages.flatMap(({ items }) => items) ?? []}
      rowId={(row) => row.person.id}
      rowName={(row) => row.person.name}
      pending={query.isPending}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onMore={query.fetchNextPage}
      onOpen={(row) => navigate({ to: '/people/$personId', params: { personId: row.person.id } })}
      empty={<NoRows search={search} />}
      tools={tools}
    />
  )
}

const none: MatrixRound[] = []

function useMatrixColumns(columns: string[], fields: Choice[], rounds: MatrixRound[]): Column<MatrixRow>[] {
  const { t } = useTranslation('report')
  const personCell = usePersonCell()
  return useMemo(() => {
    const who = columns.filter((id) => personal.includes(id) || id.startsWith('field:'))
    return [
      ...who.map((id, index) => ({
        id,
        header: id.startsWith('field:')
          ? (fields.find((one) => `field:${one.id}` === id)?.name ?? t('filter.gone'))
          : t('column', { context: id }),
        cell: (row: MatrixRow) => personCell(id, row.person),
        ...(index === 0 && { card: 'title' as const }),
      })),
      ...rounds.map((round) => ({
        id: round.id,
        header: round.title,
        width: '12rem',
        cell: (row: MatrixRow) => <Mark cell={row.cells.find((one) => one.round_id === round.id)} />,
      })),
    ]
  }, [columns, fields, rounds, personCell, t])
}

function Mark({ cell }: { cell: Cell | undefined }) {
  const { t } = useTranslation('report')
  if (!cell) return <span className={classes.none}>{t('notIn')}</span>
  return (
    <span className={classes.cell}>
      <ReportStatus status={cell.status} overdue={cell.overdue} />
      {cell.completed_at && (
        <span className={classes.day}>
          <DateText value={cell.completed_at} />
        </span>
      )}
    </span>
  )
}
