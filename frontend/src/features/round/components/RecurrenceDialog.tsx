import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Occurrence, type Recurrence, setRecurrence } from '../api/recurrence'
import { type Round, roundKeys } from '../api/rounds'
import { RecurrenceFields } from './RecurrenceFields'
import { RecurrencePreview } from './RecurrencePreview'
import { draftOfRecurrence, isComplete, planOf } from './recurrence'

interface RecurrenceDialogProps {
  round: Round
  now: Recurrence
  onClose: () => void
}

/** Changes how the training of a round comes again, changes the next round, or stops it. */
export function RecurrenceDialog({ round, now, onClose }: RecurrenceDialogProps) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [draft, setDraft] = useState(() => draftOfRecurrence(now))
  const [next, setNext] = useState(now.next)
  const [onwards, setOnwards] = useState(false)
  const same = now.kind === 'calendar' && draft.kind === 'calendar' && draft.every === now.months
  const changed = same && next !== undefined && !sameDays(next, now.next)
  const save = useMutation({
    mutationFn: () =>
      setRecurrence(round.id, {
        ...planOf(draft),
        version: now.version,
        ...(same && next && { next, onwards: changed && onwards }), // without it the calendar's own days would come back
      }),
    onSuccess: () => {
      tell(t('recurrence.saved', { context: draft.kind === 'once' ? 'once' : 'again' }))
      onClose()
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
  })
  const problem = save.error ? words(save.error) : undefined
  const errors = problem
    ? problem.fields.length
      ? problem.fields.map(({ message }) => ({ path: '', message }))
      : [{ path: '', message: problem.sentence }]
    : []
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('recurrence.action')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <FormErrorSummary errors={errors} findInput={() => null} />
          <RecurrenceFields draft={draft} onChange={setDraft} />
          {same && next && (
            <NextFields
              next={next}
              onChange={setNext}
              onwards={onwards}
              onOnwards={setOnwards}
              changed={changed}
            />
          )}
          <RecurrencePreview probe={{ round: round.id }} draft={draft} />
          {draft.kind === 'once' && now.kind !== 'once' && <p>{t('recurrence.stops')}</p>}
          <Group justify="end">
            <Button type="submit" loading={save.isPending} disabled={!isComplete(draft)}>
              {t('edit.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function sameDays(a: Occurrence, b?: Occurrence): boolean {
  return a.title === b?.title && a.starts_on === b.starts_on && a.deadline_on === b.deadline_on
}

interface NextFieldsProps {
  next: Occurrence
  onChange: (next: Occurrence) => void
  onwards: boolean
  onOnwards: (onwards: boolean) => void
  changed: boolean
}

function NextFields({ next, onChange, onwards, onOnwards, changed }: NextFieldsProps) {
  const { t } = useTranslation('round')
  return (
    <>
      <TextInput
        label={t('recurrence.nextTitle')}
        maxLength={200}
        value={next.title}
        onChange={(event) => onChange({ ...next, title: event.currentTarget.value })}
      />
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={t('recurrence.nextStarts')}
          value={next.starts_on}
          onChange={(event) => onChange({ ...next, starts_on: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('recurrence.nextDeadline')}
          min={next.starts_on}
          value={next.deadline_on}
          onChange={(event) => onChange({ ...next, deadline_on: event.currentTarget.value })}
        />
      </Group>
      {changed && (
        <Checkbox
          label={t('recurrence.onwards')}
          description={t('recurrence.onwardsHelp')}
          checked={onwards}
          onChange={(event) => onOnwards(event.currentTarget.checked)}
        />
      )}
    </>
  )
}
