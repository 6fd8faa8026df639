import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SuspectDialog } from '@/components/slips/SuspectDialog'
import type { ConcernKind } from '@/lib/concern-kinds'
import { formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { concernKeys, setStates, signOut } from '../api/concerns'

interface RemediesProps {
  kind: ConcernKind
  /** Whom to help; without them everybody of this kind, on every page of the list. */
  people?: string[]
  count: number
  onDone: () => void
  /** Opens the page's dialog of slips: it outlives this row, whose accounts are of no concern any more once they have new passwords. */
  onIssue: () => void
}

/** What can be done about accounts of one kind. What hands out passwords shows first what it would do; what suspends can be undone. */
export function Remedies({ kind, people, count, onDone, onIssue }: RemediesProps) {
  const { t } = useTranslation('credential')
  const client = useQueryClient()
  const problemText = useProblem()
  const [asked, setAsked] = useState<'suspect'>()
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: concernKeys.all }),
      client.invalidateQueries({ queryKey: ['people'] }),
    ])
  const back = useMutation({ mutationFn: (ids: string[]) => setStates(ids, 'active'), onSettled: refresh })
  const suspend = useMutation({
    mutationFn: (ids: string[]) => setStates(ids, 'suspended'),
    onSuccess: (changed) => {
      onDone()
      tell(t('remedy.suspended', { count: changed.length }), {
        undo: { label: t('remedy.undo'), run: () => back.mutate(changed) },
      })
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
    onSettled: refresh,
  })
  const out = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      onDone()
      tell(t('remedy.signedOut', { count: people?.length ?? 0 }))
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
    onSettled: refresh,
  })
  const some = people !== undefined && people.length > 0
  const figure = { count, figure: formatNumber(count) }
  return (
    <Group gap="xs">
      {kind !== 'unused' && kind !== 'devices' && (
        <Button size="compact-md" onClick={onIssue}>
          {kind === 'weak_id'
            ? t('remedy.newLogin', { context: some ? 'some' : 'all', ...figure })
            : t('remedy.slip', { context: some ? 'some' : 'all', ...figure })}
        </Button>
      )}
      {kind === 'unused' && some && (
        <Button size="compact-md" loading={suspend.isPending} onClick={() => suspend.mutate(people)}>
          {t('remedy.suspend', figure)}
        </Button>
      )}
      {kind === 'devices' && some && (
        <Button size="compact-md" loading={out.isPending} onClick={() => out.mutate(people)}>
          {t('remedy.signOut', figure)}
        </Button>
      )}
      {some && (
        <Button size="compact-md" variant="default" onClick={() => setAsked('suspect')}>
          {t('remedy.suspect')}
        </Button>
      )}
      <SuspectDialog
        opened={asked === 'suspect'}
        people={people ?? []}
        onClose={() => setAsked(undefined)}
        onIssue={() => {
          setAsked(undefined)
          onIssue()
        }}
      />
    </Group>
  )
}
