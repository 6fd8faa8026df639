import { Alert, Chip, Group } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { type Fate, fates, type Mail, mailQuery, mailSummaryQuery } from '../api/mail'
import { FateBadge } from '../components/FateBadge'
import { MailDialog } from '../components/MailDialog'
import classes from './MailPage.module.css'

/** The outbox: every message with its visible fate. */
export function MailPage() {
  const { t } = useTranslation('mail')
  const [fate, setFate] = useState<Fate | ''>('')
  const [open, setOpen] = useState<Mail>()
  const query = useInfiniteQuery(mailQuery(fate))
  const summary = useQuery(mailSummaryQuery).data
  const columns = useMemo<Column<Mail>[]>(
    () => [
      { id: 'subject', header: t('subject'), card: 'title', cell: (row) => row.subject },
      {
        id: 'to',
        header: t('to'),
        width: '16rem',
        cell: (row) => row.to_name + (row.to_address && ` <${row.to_address}>`),
      },
      { id: 'fate', header: t('fate.title'), width: '11rem', cell: (row) => <FateBadge fate={row.state} /> },
      {
        id: 'when',
        header: t('when'),
        width: '10rem',
        cell: (row) => <DateText value={row.created_at} time />,
      },
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      {summary && !summary.hasServer && (
        <Alert
          icon={<IconMailOff aria-hidden />}
          title={t('noServer.title')}
          color="yellow"
          className={classes.notice}
        >
          {t('noServer.text')}
        </Alert>
      )}
      <Chip.Group value={fate} onChange={(value) => setFate(value as Fate | '')}>
        <Group gap={6} role="group" aria-label={t('fate.title')} className={`${classes.chips} no-print`}>
          {(['', ...fates] as const).map((one) => (
            <Chip key={one} value={one} size="sm" variant="outline">
              {t('fate', { context: one || 'all' })}
              {one && summary ? ` ${formatNumber(summary.counts[one])}` : ''}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <DataTable<Mail>
          label={t('title')}
          columns={columns}
          rows={itemsOf(query.data)}
          rowId={(row) => row.id}
          rowName={(row) => row.subject}
          pending={query.isPending}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={query.fetchNextPage}
          onOpen={setOpen}
          empty={<EmptyState title={t('empty.title')} text={t('empty.text')} />}
        />
      )}
      {open && (
        <MailDialog mail={open} hasServer={summary?.hasServer ?? false} onClose={() => setOpen(undefined)} />
      )}
    </>
  )
}
