import { Button, Group } from '@mantine/core'
import { IconArrowBackUp, IconCalendarTime, IconUserMinus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { DataTable } from '@/components/table/DataTable'
import type { Selection } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { type Enrolment, enrolmentsQuery, type Round } from '../api/rounds'
import { EnrolmentExport } from './EnrolmentExport'
import { EnrolmentFilters } from './EnrolmentFilters'
import { ExtendDialog } from './ExtendDialog'
import { SetAsideDialog } from './SetAsideDialog'
import { useEnrolmentColumns } from './useEnrolmentColumns'
import { useReinstate } from './useReinstate'

const route = getRouteApi('/shell/rounds/$roundId')

/** The people of a round, as the filter in the address has it. */
export function EnrolmentTable({ round, mayWrite }: { round: Round; mayWrite: boolean }) {
  const { t } = useTranslation('round')
  const filter = route.useSearch()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<'aside' | 'extend'>()
  const query = useInfiniteQuery(enrolmentsQuery(round.id, filter))
  const columns = useEnrolmentColumns()
  const [everybodyOf, setEverybodyOf] = useState<string>() // the filter of which all are chosen; another filter, another choice
  const shownBy = JSON.stringify(filter)
  const clear = () => {
    setSelected(new Set())
    setEverybodyOf(undefined)
  }
  const back = useReinstate(round.id, clear)
  const rows = itemsOf(query.data)
  const chosen = rows.filter((row) => selected.has(row.id))
  const total = query.data?.pages[0]?.total ?? rows.length
  const everybody = everybodyOf === shownBy && chosen.length > 0
  const aside =
    !everybody &&
    chosen.length > 0 &&
    chosen.every((row) => row.status === 'exempt' || row.status === 'withdrawn')
  const selection: Selection = {
    selected,
    ...(everybody && { count: total }),
    onChange: (next) => {
      setSelected(next)
      setEverybodyOf(undefined)
    },
    actions: aside ? (
      <Button
        variant="default"
        size="sm"
        leftSection={<IconArrowBackUp size={18} aria-hidden />}
        loading={back.isPending}
        onClick={() => back.mutate([...selected])}
      >
        {t('reinstate')}
      </Button>
    ) : (
      <>
        {round.state === 'open' && total > chosen.length && (
          <Button
            variant="light"
            size="sm"
            aria-pressed={everybody}
            onClick={() => setEverybodyOf(everybody ? undefined : shownBy)}
          >
            {everybody ? t('allChosen') : t('chooseAll', { count: total })}
          </Button>
        )}
        {!everybody && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconUserMinus size={18} aria-hidden />}
            onClick={() => setAsking('aside')}
          >
            {t('aside.action')}
          </Button>
        )}
        {round.state === 'open' && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconCalendarTime size={18} aria-hidden />}
            onClick={() => setAsking('extend')}
          >
            {t('extend.action')}
          </Button>
        )}
      </>
    ),
  }
  return (
    <>
      <EnrolmentFilters />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <DataTable<Enrolment>
          label={t('people_heading')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => row.person.name}
          pending={query.isPending}
          {...(query.data?.pages[0]?.total !== undefined && { total: query.data.pages[0].total })}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={query.fetchNextPage}
          {...(mayWrite && { selection })}
          empty={<EmptyState heading="h3" title={t('noPeople.title')} text={t('noPeople.text')} />}
          tools={
            <Group gap="xs" className="no-print">
              <EnrolmentExport round={round} filter={filter} />
            </Group>
          }
        />
      )}
      {asking === 'aside' && (
        <SetAsideDialog round={round} people={chosen} onClose={() => setAsking(undefined)} onDone={clear} />
      )}
      {asking === 'extend' && (
        <ExtendDialog
          round={round}
          target={everybody ? { filter, shown: total } : { people: chosen }}
          onClose={() => setAsking(undefined)}
          onDone={clear}
        />
      )}
    </>
  )
}
