import { Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCopy, IconPlus, IconQuestionMark } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { type BankQuestion, bankKeys, type QuestionFilter, questionPages } from '@/components/question/bank'
import { DataTable } from '@/components/table/DataTable'
import { newKey } from '@/lib/api/idempotency-key'
import { itemsOf } from '@/lib/api/pages'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { copyQuestion, retireQuestions } from '../api/questions'
import { Filters } from '../components/Filters'
import { QuestionDialog } from '../components/QuestionDialog'
import { QuestionExport } from '../components/QuestionExport'
import { useQuestionColumns } from '../components/useQuestionColumns'

/** The question bank: find, write, copy and retire questions. */
export function QuestionsPage() {
  const { t } = useTranslation('question')
  const problem = useProblem()
  const client = useQueryClient()
  const mayWrite = usePermission('question:write')
  const [filter, setFilter] = useState<QuestionFilter>({})
  const [asked] = useDebouncedValue(filter, 250)
  const [open, setOpen] = useState<string | 'new' | undefined>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const columns = useQuestionColumns()
  const query = useInfiniteQuery({ ...questionPages(asked), placeholderData: (before) => before })
  const retired = filter.state === 'retired'
  const refused = (error: unknown) => tell(problem(error).sentence, { tone: 'bad' })
  const retire = useMutation({
    mutationFn: ({ ids, to }: { ids: string[]; to: boolean }) => retireQuestions(ids, to),
    onSuccess: async (_, { ids, to }) => {
      setSelected(new Set())
      await client.invalidateQueries({ queryKey: bankKeys.all })
      tell(t(to ? 'list.retired' : 'list.returned', { count: ids.length }), {
        undo: { label: t('list.undo'), run: () => retire.mutate({ ids, to: !to }) },
      })
    },
    onError: refused,
  })
  const copy = useMutation({
    mutationFn: (id: string) => copyQuestion(id, newKey()),
    onSuccess: async (made) => {
      setSelected(new Set())
      await client.invalidateQueries({ queryKey: bankKeys.all })
      setOpen(made.id)
    },
    onError: refused,
  })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setOpen('new')}>
      {t('list.new')}
    </Button>
  )
  const head = mayWrite && (
    <Group gap="xs">
      <ButtonLink to="/questions/import" variant="default">
        {t('import.action')}
      </ButtonLink>
      {add}
    </Group>
  )
  const ids = [...selected]
  const filtered = Object.values(filter).some((value) => (Array.isArray(value) ? value.length : value))
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={head} />
      <Filters filter={filter} onChange={setFilter} />
      <DataTable<BankQuestion>
        label={t('list.title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(row) => row.id}
        rowName={(row) => row.question.text}
        {...(query.data?.pages[0]?.total !== undefined && { total: query.data.pages[0].total })}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        tools={<QuestionExport filter={filter} />}
        onOpen={(row) => setOpen(row.id)}
        {...(mayWrite && {
          selection: {
            selected,
            onChange: setSelected,
            actions: (
              <Group gap="xs">
                {ids.length === 1 && (
                  <Button
                    size="sm"
                    variant="default"
                    leftSection={<IconCopy size={18} aria-hidden />}
                    loading={copy.isPending}
                    onClick={() => ids[0] && copy.mutate(ids[0])}
                  >
                    {t('list.copy')}
                  </Button>
                )}
                <Button
                  size="sm"
                  variant="default"
                  disabled={ids.length > 200}
                  loading={retire.isPending}
                  onClick={() => retire.mutate({ ids, to: !retired })}
                >
                  {t(retired ? 'list.return' : 'list.retire')}
                </Button>
              </Group>
            ),
          },
        })}
        empty={
          filtered ? (
            <EmptyState
              title={t('list.noMatch')}
              text={t('list.noMatchText')}
              action={
                <Button variant="default" onClick={() => setFilter({})}>
                  {t('list.showAll')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconQuestionMark}
              title={t('list.none')}
              text={t('list.noneText')}
              action={add}
            />
          )
        }
      />
      {open && (
        <QuestionDialog
          {...(open !== 'new' && { id: open })}
          mayWrite={mayWrite}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  )
}
