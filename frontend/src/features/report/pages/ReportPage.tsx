import { Group, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { type ReportSearch, reportSorts, tidyReport } from '@/lib/report-search'
import { choicesQuery, searchOf, viewsQuery } from '../api/report'
import { ActiveFilters } from '../components/ActiveFilters'
import { ColumnMenu } from '../components/ColumnMenu'
import { rememberColumns, rememberedColumns } from '../components/columns'
import { MatrixTable } from '../components/MatrixTable'
import { ReportExport } from '../components/ReportExport'
import { ReportFilters } from '../components/ReportFilters'
import { ReportTable } from '../components/ReportTable'
import { ViewMenu } from '../components/ViewMenu'
import classes from './ReportPage.module.css'

const route = getRouteApi('/shell/report')

/** Everybody in every round: one table for the whole organisation. What it shows stands in the address. */
export function ReportPage() {
  const choices = useQuery(choicesQuery)
  const views = useQuery(viewsQuery)
  if (choices.isPending || views.isPending) return <PageSkeleton />
  if (choices.isLoadingError)
    return <ErrorState page error={choices.error} onRetry={() => choices.refetch()} />
  if (views.isLoadingError) return <ErrorState page error={views.error} onRetry={() => views.refetch()} />
  return <Report choices={choices.data} views={views.data} />
}

interface ReportProps {
  choices: Awaited<ReturnType<NonNullable<typeof choicesQuery.queryFn>>>
  views: Awaited<ReturnType<NonNullable<typeof viewsQuery.queryFn>>>
}

function Report({ choices, views }: ReportProps) {
  const { t } = useTranslation('report')
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const columns = search.column ?? rememberedColumns()
  const { rounds, departments, fields } = choices
  const open = (next: ReportSearch) => navigate({ search: next, replace: true, resetScroll: false })
  const change = (next: { [Key in keyof ReportSearch]: ReportSearch[Key] | undefined }) =>
    open(tidyReport({ ...search, ...next }))
  useDefaultView(search, views, open)
  const tools = (
    <Group gap="xs" className="no-print">
      <ColumnMenu
        columns={columns}
        fields={fields}
        onChange={(column) => {
          rememberColumns(column)
          change({ column })
        }}
      />
      <ReportExport search={search} columns={columns} />
    </Group>
  )
  return (
    <div className={classes.page}>
      <PageHeader title={t('title')} description={t('description')} />
      <div className={`${classes.bar} no-print`}>
        <ViewMenu search={search} columns={columns} views={views} onOpen={open} />
        <SegmentedControl
          size="xs"
          aria-label={t('form.label')}
          data={[
            { value: 'list', label: t('form.list') },
            { value: 'matrix', label: t('form.matrix') },
          ]}
          value={search.form ?? 'list'}
          onChange={(form) => change({ form: form === 'matrix' ? 'matrix' : undefined })}
        />
      </div>
      <div>
        <ReportFilters search={search} rounds={rounds} departments={departments} onChange={change} />
        <ActiveFilters search={search} rounds={rounds} departments={departments} onChange={change} />
      </div>
      {search.form === 'matrix' ? (
        <MatrixTable search={search} columns={columns} fields={fields} tools={tools} />
      ) : (
        <ReportTable
          search={search}
          columns={columns}
          fields={fields}
          tools={tools}
          onSort={({ by, descending }) =>
            change({
              sort: reportSorts.find((sort) => sort === by && sort !== 'name'),
              descending: descending ? true : undefined,
            })
          }
        />
      )}
    </div>
  )
}

/** A bare address opens with the person's own view, once: taking its filters off afterwards is what they meant. */
function useDefaultView(
  search: ReportSearch,
  views: ReportProps['views'],
  open: (next: ReportSearch) => void,
) {
  const first = useRef(true)
  useEffect(() => {
    if (!first.current) return
    first.current = false
    const own = views.find((one) => one.default)
    if (own && Object.keys(search).length === 0) open(searchOf(own))
  })
}
