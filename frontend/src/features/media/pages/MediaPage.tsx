import { Drawer } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatBytes } from '@/lib/format'
import type { MediaFilter } from '../api/filter'
import { type MediaFile, mediaQuery } from '../api/media'
import { FileDetail } from '../components/FileDetail'
import { FileName } from '../components/FileName'
import { MediaFilters } from '../components/MediaFilters'
import { StorageLine } from '../components/StorageLine'
import { useFacts } from '../components/useFacts'

const route = getRouteApi('/shell/media')

/** Every file of the organisation: what it is, how large, where it is used, and what may go. */
export function MediaPage() {
  const { t } = useTranslation('media')
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<MediaFile>()
  const query = useInfiniteQuery(mediaQuery(filter))
  const columns = useColumns()
  const change = (next: MediaFilter) => navigate({ search: next, replace: true, resetScroll: false })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const filtered = Object.keys(filter).some((one) => one !== 'sort')
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} back={<Link to="/courses">{t('back')}</Link>} />
      <StorageLine />
      <MediaFilters filter={filter} onChange={change} />
      <DataTable
        label={t('title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.id}
        rowName={(row) => row.file_name}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        onOpen={setOpen}
        empty={
          <EmptyState
            icon={IconPhoto}
            title={t(filtered ? 'noneFound' : 'none')}
            text={t(filtered ? 'noneFoundText' : 'noneText')}
          />
        }
      />
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size="lg"
        title={open?.file_name ?? ''}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        {open && <FileDetail key={open.id} file={open} onGone={() => setOpen(undefined)} />}
      </Drawer>
    </>
  )
}

function useColumns(): Column<MediaFile>[] {
  const { t } = useTranslation('media')
  const facts = useFacts()
  return [
    { id: 'name', header: t('column.name'), card: 'title', cell: (row) => <FileName file={row} /> },
    { id: 'facts', header: t('column.facts'), width: '11rem', cell: facts },
    {
      id: 'size',
      header: t('column.size'),
      width: '7rem',
      align: 'end',
      cell: (row) => formatBytes(row.size),
    },
    {
      id: 'uses',
      header: t('column.uses'),
      width: '12rem',
      cell: (row) =>
        row.drafts + row.versions === 0
          ? t('unused')
          : t('uses', { drafts: row.drafts, versions: row.versions }),
    },
    {
      id: 'created',
      header: t('column.created'),
      width: '8rem',
      cell: (row) => <DateText value={row.created_at} />,
    },
  ]
}
