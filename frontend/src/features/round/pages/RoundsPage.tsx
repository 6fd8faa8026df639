import { Button, SegmentedControl } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { itemsOf } from '@/lib/api/pages'
import { usePermission } from '@/lib/session'
import { roundsQuery } from '../api/rounds'
import { RoundCard } from '../components/RoundCard'
import classes from './RoundsPage.module.css'

type State = '' | 'open' | 'closed'

/** Every round: open ones first thing in the morning, closed ones as evidence. */
export function RoundsPage() {
  const { t } = useTranslation('round')
  const [state, setState] = useState<State>('open')
  const mayWrite = usePermission('round:write')
  const make = mayWrite && (
    <Button component={Link} to="/rounds/new" leftSection={<IconCalendarPlus size={20} aria-hidden />}>
      {t('make')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={make} />
      <SegmentedControl
        aria-label={t('list.which')}
        value={state}
        onChange={(value) => setState(value as State)}
        data={(['open', 'closed', ''] as const).map((value) => ({
          value,
          label: t('state', { context: value || 'all' }),
        }))}
        className={classes.which}
      />
      <Rounds state={state} make={make} />
    </>
  )
}

function Rounds({ state, make }: { state: State; make: React.ReactNode }) {
  const { t } = useTranslation('round')
  const query = useInfiniteQuery(roundsQuery(state))
  if (query.isPending) return <RowsSkeleton rows={4} />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const rounds = itemsOf(query.data)
  if (rounds.length === 0) {
    return (
      <EmptyState
        title={t('empty', { context: state || 'all' })}
        text={state === 'closed' ? t('empty.closedText') : t('empty.text')}
        action={state !== 'closed' && make}
      />
    )
  }
  return (
    <>
      <ul className={classes.list}>
        {rounds.map((round) => (
          <RoundCard key={round.id} round={round} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}
