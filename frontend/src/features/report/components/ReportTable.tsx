import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import type { Sort } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { isNarrowed, type ReportSearch } from '@/lib/report-search'
import { type Choice, countQuery, type ReportRow, reportQuery } from '../api/report'
import { useReportColumns } from './useReportColumns'

interface ReportTableProps {
  search: ReportSearch
  columns: string[]
  fields: Choice[]
  onSort: (sort: Sort) => void
  tools: ReactNode
}

/** Everybody in every round, a row each. */
export function ReportTable({ search, columns, fields, onSort, tools }: ReportTableProps) {
  const { t } = useTranslation('report')
  const navigate = useNavigate()
  const query = useInfiniteQuery(reportQuery(search, columns))
  const { data: total } = useQuery(countQuery(search))
  const shown = useReportColumns(columns, fields)
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <DataTable<ReportRow>
      label={t('title')}
      columns={shown}
      rows={itemsOf(query.data)}
      rowId={(row) => row.id}
      rowName={(row) => `${row.person.name} ${row.round_title}`}
      pending={query.isPending}
      {...(total !== undefined && { total })}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onMore={query.fetchNextPage}
      sort={{ by: search.sort ?? 'name', descending: search.descending ?? false }}
      onSort={onSort}
      onOpen={(row) => navigate({ to: '/people/$personId', params: { personId: row.person.id } })}
      empty={<NoRows search={search} />}
      tools={tools}
    />
  )
}

/** Nothing fits the filter, or there is nothing yet. */
export function NoRows({ search }: { search: ReportSearch }) {
  const { t } = useTranslation('report')
  if (isNarrowed(search))
    return <EmptyState heading="h2" title={t('empty.filtered')} text={t('empty.filteredText')} />
  return <EmptyState heading="h2" title={t('empty.nothing')} text={t('empty.nothingText')} />
}
