import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { usePermission } from '@/lib/session'
import { cleanFilter, type MailFilter } from '../api/filter'
import { healthQuery, type Mail, mailQuery } from '../api/mail'
import { DigestCard } from '../components/DigestCard'
import { FateBadge } from '../components/FateBadge'
import { MailDialog } from '../components/MailDialog'
import { MailFilters } from '../components/MailFilters'
import { MailHealth, TestMail } from '../components/MailHealth'
import { ResendDialog } from '../components/ResendDialog'

const route = getRouteApi('/shell/mail')

/** The outbox: every message with its visible fate, and what to do about those that did not arrive. */
export function MailPage() {
  const { t } = useTranslation('mail')
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<Mail>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [again, setAgain] = useState<string[]>()
  const query = useInfiniteQuery(mailQuery(filter))
  const hasServer = useQuery(healthQuery).data?.has_server ?? false
  const mayWrite = usePermission('mail:write') && hasServer
  const seesDigest = usePermission('reminder:read')
  const columns = useColumns()
  const change = (next: MailFilter) => {
    setSelected(new Set())
    return navigate({ search: cleanFilter(next), replace: true, resetScroll: false })
  }
  const offersAll =
    mayWrite && (filter.state === 'failed' || filter.state === 'refused' || filter.state === 'given_up')
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} action={mayWrite && <TestMail />} />
      <MailHealth />
      {seesDigest && <DigestCard />}
      <MailFilters filter={filter} onChange={change} />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <DataTable<Mail>
          label={t('title')}
          columns={columns}
          rows={itemsOf(query.data)}
          rowId={(row) => row.id}
          rowName={(row) => `${row.to_name} ${row.subject}`}
          pending={query.isPending}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={query.fetchNextPage}
          onOpen={setOpen}
          tools={
            offersAll && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconSend size={16} aria-hidden />}
                onClick={() => setAgain([])}
              >
                {t('again.all')}
              </Button>
            )
          }
          {...(mayWrite && {
            selection: {
              selected,
              onChange: setSelected,
              actions: <Button onClick={() => setAgain([...selected])}>{t('resend')}</Button>,
            },
          })}
          empty={<EmptyState title={t('empty.title')} text={t('empty.text')} />}
        />
      )}
      {open && <MailDialog mail={open} hasServer={hasServer} onClose={() => setOpen(undefined)} />}
      {again && (
        <ResendDialog
          ids={again.slice(0, 500)}
          filter={filter}
          onClose={() => setAgain(undefined)}
          onDone={() => {
            setAgain(undefined)
            setSelected(new Set())
          }}
        />
      )}
    </>
  )
}

function useColumns(): Column<Mail>[] {
  const { t } = useTranslation('mail')
  return useMemo(
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
}
