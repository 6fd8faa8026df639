import { Button, Modal } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { FormatChoice } from '@/components/slips/FormatChoice'
import { SlipProgress } from '@/components/slips/SlipProgress'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { api, take } from '@/lib/api/client'
import { itemsOf, keysetPages } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { type SlipBatch, type SlipFormat, slipKeys } from '@/lib/slips'

const tones: Record<SlipBatch['state'], Tone> = {
  queued: 'active',
  ready: 'late',
  taken: 'good',
  expired: 'out',
  cancelled: 'out',
}

const pages = keysetPages(slipKeys.list, (after, signal) =>
  take(
    api.GET('/api/v1/people/slips', { params: { query: { limit: 50, ...(after && { after }) } }, signal }),
  ),
)

/** What was handed out, and what still waits to be saved. Never a password. */
export function SlipsPage() {
  const { t } = useTranslation('credential')
  const [open, setOpen] = useState<string>()
  const [format, setFormat] = useState<SlipFormat>('pdf')
  const query = useInfiniteQuery({ ...pages, refetchInterval: 5000 })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const columns: Column<SlipBatch>[] = [
    {
      id: 'at',
      header: t('slips.at'),
      card: 'title',
      width: '11rem',
      cell: (row) => <DateText value={row.created_at} time />,
    },
    {
      id: 'state',
      header: t('slips.state'),
      width: '14rem',
      cell: (row) => (
        <StatusBadge tone={tones[row.state]}>{t('slips.stateName', { context: row.state })}</StatusBadge>
      ),
    },
    {
      id: 'people',
      header: t('slips.people'),
      width: '9rem',
      align: 'end',
      cell: (row) => t('slips.of', { done: formatNumber(row.issued), total: formatNumber(row.total) }),
    },
    {
      id: 'act',
      header: t('slips.act'),
      cell: (row) =>
        row.mine ? (
          <Button size="compact-md" variant="default" onClick={() => setOpen(row.id)}>
            {t('slips.open')}
          </Button>
        ) : (
          t('slips.others')
        ),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('slips.title')}
        description={t('slips.text')}
        back={<Link to="/people">{t('back')}</Link>}
      />
      <DataTable
        label={t('slips.title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.id}
        rowName={(row) => row.created_at}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        empty={<EmptyState title={t('slips.none')} text={t('slips.noneText')} icon={IconPrinter} />}
      />
      <Modal
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        size="lg"
        title={t('slip.title')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        {open && (
          <>
            <FormatChoice value={format} onChange={setFormat} />
            <SlipProgress id={open} format={format} onClose={() => setOpen(undefined)} />
          </>
        )}
      </Modal>
    </>
  )
}
