import { Button, Group } from '@mantine/core'
import { IconFileImport, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { Folded } from '@/components/Folded'
import { PageHeader } from '@/components/PageHeader'
import { SlipDialog } from '@/components/slips/SlipDialog'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { tell } from '@/lib/messages'
import { usePermission } from '@/lib/session'
import { type PeopleFilter, type PersonAct, peoplePages, signOut } from '../api/people'
import { ActDialog } from '../components/ActDialog'
import { ActMenu } from '../components/ActMenu'
import { ColumnMenu, useShownFields } from '../components/ColumnMenu'
import { ListMenu } from '../components/ListMenu'
import { PeopleActDialog } from '../components/PeopleActDialog'
import { FilterChips, PeopleFilters } from '../components/PeopleFilters'
import { usePeopleColumns } from '../components/usePeopleColumns'

/** Everybody in the organisation: search, filter, choose, act. */
export function PeoplePage() {
  const { t } = useTranslation('person')
  const navigate = useNavigate()
  const filter = useSearch({ from: '/shell/people' })
  const [sort, setSort] = useState<'name' | 'login_id'>('name')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const hash = useLocation({ select: (location) => location.hash })
  const [asked, setAsked] = useState<'issue' | 'issueAll' | 'out' | undefined>(
    hash === 'issue' ? 'issueAll' : undefined, // an import leads here to hand out log-ins
  )
  const [shownFields, showFields] = useShownFields()
  const columns = usePeopleColumns(shownFields)
  const [act, setAct] = useState<PersonAct>()
  const [everybody, setEverybody] = useState(false)
  const mayWrite = usePermission('person:write')
  const mayIssue = usePermission('person:credential')
  const query = useInfiniteQuery({ ...peoplePages(filter, sort), placeholderData: keepPreviousData })
  const rows = itemsOf(query.data)
  const total = query.data?.pages[0]?.total ?? rows.length
  const chosen = [...selected]
  const select = (next: ReadonlySet<string>) => {
    setEverybody(false)
    setSelected(next)
  }
  const narrow = (next: PeopleFilter) => {
    select(new Set())
    navigate({ to: '/people', search: next, replace: true })
  }
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={mayWrite && <Actions />} />
      <PeopleFilters filter={filter} onChange={narrow} />
      <FilterChips filter={filter} onChange={narrow} />
      <DataTable
        label={t('list.title')}
        columns={columns}
        rows={rows}
        rowId={(person) => person.id}
        rowName={(person) => person.name}
        total={total}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        sort={{ by: sort, descending: false }}
        onSort={(next) => setSort(next.by === 'login_id' ? 'login_id' : 'name')}
        onOpen={(person) => navigate({ to: '/people/$personId', params: { personId: person.id } })}
        tools={
          <Folded label={t('list.tools')}>
            <Group gap="xs">
              <ColumnMenu shown={shownFields} onChange={showFields} />
              <ListMenu filter={filter} onIssue={() => setAsked('issueAll')} />
            </Group>
          </Folded>
        }
        empty={<Nobody filtered={Object.keys(filter).length > 0} />}
        {...(mayIssue && {
          selection: {
            selected,
            onChange: select,
            actions: (
              <>
                {total > chosen.length && (
                  <Button
                    size="compact-md"
                    variant="light"
                    aria-pressed={everybody}
                    onClick={() => setEverybody(!everybody)}
                  >
                    {everybody
                      ? t('list.allChosen', { count: total })
                      : t('list.chooseAll', { count: total })}
                  </Button>
                )}
                {!everybody && (
                  <>
                    <Button size="compact-md" onClick={() => setAsked('issue')}>
                      {t('list.issue')}
                    </Button>
                    <Button size="compact-md" variant="default" onClick={() => setAsked('out')}>
                      {t('signOut.action')}
                    </Button>
                  </>
                )}
                <ActMenu onAct={setAct} />
              </>
            ),
          },
        })}
      />
      <SlipDialog
        opened={asked === 'issue'}
        target={{ people: chosen }}
        onClose={() => setAsked(undefined)}
        onDone={() => setSelected(new Set())}
      />
      <SlipDialog
        opened={asked === 'issueAll' && !query.isPending && mayIssue}
        target={{ filter }}
        onClose={() => {
          setAsked(undefined)
          if (hash) navigate({ to: '/people', search: filter, hash: '', replace: true })
        }}
      />
      {act && (
        <PeopleActDialog
          act={act}
          target={everybody ? { filter, shown: total } : { people: chosen }}
          onClose={() => setAct(undefined)}
          onDone={() => select(new Set())}
        />
      )}
      <ActDialog
        opened={asked === 'out'}
        onClose={() => setAsked(undefined)}
        action={t('signOut.action')}
        act={() => signOut(chosen)}
        onDone={() => {
          setSelected(new Set())
          tell(t('signOut.done', { count: chosen.length }))
        }}
      >
        <p>{t('signOut.text', { count: chosen.length })}</p>
      </ActDialog>
    </>
  )
}

function Actions() {
  const { t } = useTranslation('person')
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to="/people/import"
        leftSection={<IconFileImport size={18} aria-hidden />}
      >
        {t('list.import')}
      </Button>
      <Button component={Link} to="/people/new" leftSection={<IconUserPlus size={18} aria-hidden />}>
        {t('list.add')}
      </Button>
    </>
  )
}

function Nobody({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation('person')
  return filtered ? (
    <EmptyState title={t('list.nobodyFound')} text={t('list.nobodyFoundText')} icon={IconUsers} />
  ) : (
    <EmptyState title={t('list.nobody')} text={t('list.nobodyText')} icon={IconUsers} action={<Actions />} />
  )
}
