import { Alert, Button, Tabs } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { SlipDialog } from '@/components/slips/SlipDialog'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { type ConcernKind, concernKinds } from '@/lib/concern-kinds'
import { formatNumber } from '@/lib/format'
import { usePermission } from '@/lib/session'
import type { SlipTarget } from '@/lib/slips'
import { type ConcernCount, checkConcerns, concernCount, concernKeys, concernPages } from '../api/concerns'
import { Remedies } from '../components/Remedies'
import { useConcernColumns } from '../components/useConcernColumns'

/** Accounts that want doing something about: why, and the remedy beside it. */
export function ConcernPage() {
  const { t } = useTranslation('credential')
  const navigate = useNavigate()
  const wanted = useSearch({ from: '/shell/people/concern' }).kind
  const count = useQuery(concernCount)
  const [issue, setIssue] = useState<{ target: SlipTarget; newLogin: boolean }>()
  useLooking(count.data?.unchecked ?? 0)
  if (count.isPending) return <PageSkeleton />
  if (count.isLoadingError) return <ErrorState error={count.error} onRetry={() => count.refetch()} page />
  const present = concernKinds.filter((kind) => count.data[kind] > 0)
  const kind = wanted ?? present[0]
  return (
    <>
      <PageHeader
        title={t('concern.title')}
        description={t('concern.text')}
        back={<Link to="/people">{t('back')}</Link>}
      />
      {count.data.unchecked > 0 && <p role="status">{t('concern.looking')}</p>}
      {!kind ? (
        <EmptyState title={t('concern.none')} text={t('concern.noneText')} icon={IconShieldCheck} />
      ) : (
        <Tabs
          value={kind}
          keepMounted={false}
          onChange={(value) => {
            const next = concernKinds.find((one) => one === value)
            if (next) navigate({ to: '/people/concern', search: { kind: next }, replace: true })
          }}
        >
          <Tabs.List mb="md" aria-label={t('concern.kinds')}>
            {concernKinds
              .filter((one) => count.data[one] > 0 || one === kind)
              .map((one) => (
                <Tabs.Tab key={one} value={one}>
                  {t('concern.kind', { context: one })} {formatNumber(count.data[one])}
                </Tabs.Tab>
              ))}
          </Tabs.List>
          <Tabs.Panel value={kind}>
            <Accounts
              key={kind}
              kind={kind}
              count={count.data}
              onIssue={(people) =>
                setIssue({
                  target: people ? { people } : { filter: { concern: kind, state: 'active' } },
                  newLogin: kind === 'weak_id',
                })
              }
            />
          </Tabs.Panel>
        </Tabs>
      )}
      {issue && <SlipDialog opened {...issue} onClose={() => setIssue(undefined)} />}
    </>
  )
}

/** Has new or changed login IDs looked at once; a page that is only read changes nothing. */
function useLooking(unchecked: number) {
  const client = useQueryClient()
  const asked = useRef(false)
  const { mutate } = useMutation({
    mutationFn: checkConcerns,
    onSuccess: () => client.invalidateQueries({ queryKey: concernKeys.all }),
  })
  useEffect(() => {
    if (unchecked > 0 && !asked.current) mutate()
    asked.current = unchecked > 0
  }, [unchecked, mutate])
}

interface AccountsProps {
  kind: ConcernKind
  count: ConcernCount
  /** Hands out passwords to these people, or to everybody of the kind. */
  onIssue: (people?: string[]) => void
}

function Accounts({ kind, count, onIssue }: AccountsProps) {
  const { t } = useTranslation('credential')
  const navigate = useNavigate()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const may = usePermission('person:credential')
  const columns = useConcernColumns(kind)
  const query = useInfiniteQuery(concernPages(kind))
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const remedies = (people: string[] | undefined) => (
    <Remedies
      kind={kind}
      {...(people && { people })}
      count={people?.length ?? count[kind]}
      onDone={() => setSelected(new Set())}
      onIssue={() => onIssue(people)}
    />
  )
  return (
    <>
      <Alert mb="md" title={t('concern.kind', { context: kind })}>
        {t('concern.why', {
          context: kind,
          days: kind === 'expiring' ? count.expiring_days : count.never_used_days,
          months: count.unused_months,
        })}
      </Alert>
      <DataTable
        label={t('concern.title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.person.id}
        rowName={(row) => row.person.name}
        total={count[kind]}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        onOpen={(row) => navigate({ to: '/people/$personId', params: { personId: row.person.id } })}
        empty={
          <EmptyState
            title={t('concern.none')}
            icon={IconShieldCheck}
            action={
              <Button variant="default" onClick={() => query.refetch()}>
                {t('concern.again')}
              </Button>
            }
          />
        }
        tools={may ? remedies(undefined) : undefined}
        {...(may && { selection: { selected, onChange: setSelected, actions: remedies([...selected]) } })}
      />
    </>
  )
}
