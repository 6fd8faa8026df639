import { Button, NativeSelect } from '@mantine/core'
import { IconBuildingPlus, IconBuildings } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { SearchField } from '@/components/SearchField'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { usePermission } from '@/lib/session'
import { type OrganisationFilter, organisationPages } from '../api/organisations'
import classes from '../components/Organisation.module.css'
import { useOrganisationColumns } from '../components/useOrganisationColumns'

/** The register: every member organisation, by name. */
export function OrganisationsPage() {
  const { t } = useTranslation('organisation')
  const navigate = useNavigate()
  const filter = useSearch({ from: '/shell/organisations' })
  const columns = useOrganisationColumns()
  const mayCreate = usePermission('organisation:credential')
  const query = useInfiniteQuery({ ...organisationPages(filter), placeholderData: keepPreviousData })
  const rows = itemsOf(query.data)
  const narrow = (next: OrganisationFilter) => navigate({ to: '/organisations', search: next, replace: true })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={mayCreate && <Add />} />
      <Filters filter={filter} onChange={narrow} />
      <DataTable
        label={t('list.title')}
        columns={columns}
        rows={rows}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        total={query.data?.pages[0]?.total ?? rows.length}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        onOpen={(one) =>
          navigate({ to: '/organisations/$organisationId', params: { organisationId: one.id } })
        }
        empty={
          Object.keys(filter).length > 0 ? (
            <EmptyState title={t('list.noneFound')} text={t('list.noneFoundText')} icon={IconBuildings} />
          ) : (
            <EmptyState
              title={t('list.none')}
              text={t('list.noneText')}
              icon={IconBuildings}
              action={mayCreate && <Add />}
            />
          )
        }
      />
    </>
  )
}

function Add() {
  const { t } = useTranslation('organisation')
  return (
    <Button component={Link} to="/organisations/new" leftSection={<IconBuildingPlus size={18} aria-hidden />}>
      {t('list.add')}
    </Button>
  )
}

interface FiltersProps {
  filter: OrganisationFilter
  onChange: (filter: OrganisationFilter) => void
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation('organisation')
  const search = (q: string) => {
    const { q: _, ...rest } = filter
    onChange(q === '' ? rest : { ...rest, q })
  }
  const choose = (value: string) => {
    const { state: _, ...rest } = filter
    onChange(value === 'active' || value === 'suspended' ? { ...rest, state: value } : rest)
  }
  return (
    <search className={classes.filters}>
      <SearchField className={classes.search} label={t('list.search')} value={filter.q} onSearch={search} />
      <NativeSelect
        label={t('field.state')}
        value={filter.state ?? ''}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: '', label: t('list.all') },
          { value: 'active', label: t('state', { context: 'active' }) },
          { value: 'suspended', label: t('state', { context: 'suspended' }) },
        ]}
      />
    </search>
  )
}
