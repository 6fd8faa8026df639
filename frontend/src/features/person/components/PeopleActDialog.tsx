import { Alert, Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '@/components/Skeletons'
import { today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  actOnPeople,
  type Consequences,
  consequencesQuery,
  erasePeople,
  type PersonAct,
  personKeys,
  type Target,
} from '../api/people'
import { ConsequenceList } from './ConsequenceList'

interface PeopleActDialogProps {
  act: PersonAct
  target: Target
  /** Of a single person: what has to be typed for what cannot be taken back. Without it the number of people is. */
  name?: string
  onClose: () => void
  onDone?: (act: PersonAct) => void
}

/** Says what an act will do to people, in figures, and does it. What can be taken back offers that afterwards. */
export function PeopleActDialog({ act, target, name, onClose, onDone }: PeopleActDialogProps) {
  const { t } = useTranslation('person')
  const client = useQueryClient()
  const problemText = useProblem()
  const [leftOn, setLeftOn] = useState(today())
  const [choice, setChoice] = useState(act === 'return')
  const [typed, setTyped] = useState('')
  const preview = useQuery(consequencesQuery(act, target, act === 'leave' ? leftOn : undefined))
  const final = act === 'anonymise' || act === 'delete'
  const refresh = () => client.invalidateQueries({ queryKey: personKeys.all })
  const run = useMutation({
    mutationFn: async (of: Consequences) => {
      if (act === 'anonymise') return erasePeople(act, target, { withdraw: choice })
      if (act === 'delete') return erasePeople(act, target, { losing: of.evidence })
      return actOnPeople(act, target, {
        ...(act === 'leave' && { left_on: leftOn }),
        ...(act === 'return' && { posts: choice }),
      })
    },
    onSuccess: (done) => {
      const back = 'people' in target ? undo(act, done.later) : undefined
      tell(t('act.done', { context: act, count: done.people }), {
        ...(back && {
          undo: {
            label: t('act.undo'),
            run: () =>
              void actOnPeople(back, target, { posts: true }).then(refresh, () =>
                tell(t('act.undoFailed'), { tone: 'bad' }),
              ),
          },
        }),
      })
      onDone?.(act)
      onClose()
    },
    onSettled: refresh,
  })
  const of = preview.data
  const word = name ?? String(of?.people ?? '')
  const typedRight = !final || typed.normalize('NFKC').trim() === word.normalize('NFKC').trim()
  const ready = of !== undefined && of.people > 0 && (of.refused ?? []).length === 0 && typedRight
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !run.isPending) run.mutate(of)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('act.title', { context: act })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          {act === 'leave' && (
            <TextInput
              type="date"
              label={t('place.leftOn')}
              description={t('act.leftOnHelp')}
              value={leftOn}
              onChange={(event) => setLeftOn(event.currentTarget.value)}
            />
          )}
          {preview.isPending && <RowsSkeleton />}
          {preview.isError && <Alert color="red">{problemText(preview.error).sentence}</Alert>}
          {of && <ConsequenceList act={act} of={of} />}
          {of && ((act === 'anonymise' && of.certificates > 0) || (act === 'return' && of.posts > 0)) && (
            <Checkbox
              checked={choice}
              onChange={(event) => setChoice(event.currentTarget.checked)}
              label={t('act.choice', { context: act })}
              description={t('act.choiceHelp', { context: act })}
            />
          )}
          {final && of && (of.refused ?? []).length === 0 && (
            <TextInput
              label={t('common:confirm.label', { word })}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {run.isError && (
            <Alert color="red" role="alert">
              {problemText(run.error).sentence}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" disabled={!ready} loading={run.isPending} {...(final && { color: 'red' })}>
              {t('act.title', { context: act })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function undo(act: PersonAct, later: boolean): 'return' | 'stay' | undefined {
  if (act === 'suspend') return 'return'
  if (act === 'leave') return later ? 'stay' : 'return'
  return undefined
}
