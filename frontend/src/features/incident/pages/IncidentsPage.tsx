import { Button, Modal } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { StatusBadge } from '@/components/StatusBadge'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { usePermission } from '@/lib/session'
import { createIncident, type Incident, incidentKeys, incidentPages, kindContext } from '../api/incidents'
import { IncidentForm } from '../components/IncidentForm'

/** What went wrong with personal data, or may have. */
export function IncidentsPage() {
  const { t } = useTranslation('incident')
  const navigate = useNavigate()
  const client = useQueryClient()
  const { key, renew } = useIdempotencyKey()
  const may = usePermission('incident:write')
  const [adding, setAdding] = useState(false)
  const query = useInfiniteQuery(incidentPages)
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const open = (id: string) => navigate({ to: '/incidents/$incidentId', params: { incidentId: id } })
  const columns: Column<Incident>[] = [
    {
      id: 'title',
      header: t('field.title'),
      card: 'title',
      cell: (row) => t('numbered', { number: row.number, title: row.title }),
    },
    {
      id: 'kind',
      header: t('field.kind'),
      width: '12rem',
      cell: (row) => t('kind', { context: kindContext(row.kind) }),
    },
    {
      id: 'noticed',
      header: t('field.noticed_at'),
      width: '10rem',
      cell: (row) => <DateText value={row.noticed_at} time />,
    },
    {
      id: 'affected',
      header: t('field.affected'),
      width: '8rem',
      align: 'end',
      cell: (row) => formatNumber(row.affected),
    },
    {
      id: 'state',
      header: t('field.state'),
      width: '9rem',
      cell: (row) => (
        <StatusBadge tone={row.state === 'open' ? 'late' : 'good'}>
          {t('state', { context: row.state })}
        </StatusBadge>
      ),
    },
  ]
  const add = may && <Button onClick={() => setAdding(true)}>{t('list.add')}</Button>
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={add} />
      <DataTable
        label={t('list.title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.id}
        rowName={(row) => row.title}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        onOpen={(row) => open(row.id)}
        empty={<EmptyState title={t('list.none')} text={t('list.noneText')} icon={IconAlertTriangle} />}
      />
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        size="lg"
        title={t('list.add')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <IncidentForm
          action={t('list.save')}
          onSave={async (input) => {
            const made = await createIncident(input, key)
            renew()
            await client.invalidateQueries({ queryKey: incidentKeys.all })
            open(made.id)
          }}
        />
      </Modal>
    </>
  )
}
