import { Modal } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatDate } from '@/lib/format'
import { type Forecast, type ForecastPerson, forecastPeopleQuery } from '../api/reminders'

/** Everybody whom a round mails on a day. */
export function ForecastPeople({ row, onClose }: { row: Forecast; onClose: () => void }) {
  const { t } = useTranslation('reminder')
  const query = useInfiniteQuery(forecastPeopleQuery(row.round_id, row.day))
  const columns = useMemo<Column<ForecastPerson>[]>(
    () => [
      {
        id: 'name',
        header: t('people.name'),
        card: 'title',
        cell: ({ person }) => (
          <Link to="/people/$personId" params={{ personId: person.id }}>
            {person.name}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('people.kind'),
        width: '9rem',
        cell: ({ kind }) => t('kind', { context: kind }),
      },
      {
        id: 'due',
        header: t('people.due'),
        width: '8rem',
        cell: ({ due_on }) => <DateText value={due_on} />,
      },
      {
        id: 'address',
        header: t('people.address'),
        width: '9rem',
        cell: ({ has_address }) => (has_address ? t('people.mail') : t('people.none')),
      },
    ],
    [t],
  )
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('people.title', { day: formatDate(row.day), title: row.title })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <DataTable<ForecastPerson>
          label={t('people.label')}
          columns={columns}
          rows={itemsOf(query.data)}
          rowId={({ person }) => person.id}
          rowName={({ person }) => person.name}
          pending={query.isPending}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={query.fetchNextPage}
          height="60dvh"
          empty={<p>{t('people.empty')}</p>}
        />
      )}
    </Modal>
  )
}
