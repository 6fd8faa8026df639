import { Alert, Button, Checkbox, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey } from '@/lib/api/idempotency-key'
import { addDays, formatDateTime, today } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { type AddedFactor, addedFactorsQuery, suspectLeak } from '@/lib/slips'

interface SuspectDialogProps {
  people: string[]
  opened: boolean
  onClose: () => void
  /** Opens the dialog that hands out new passwords to the same people. */
  onIssue: () => void
}

/** A password may be known to others: ends sessions, takes the password away and opens an incident, all at once. */
export function SuspectDialog(props: SuspectDialogProps) {
  const { t } = useTranslation('credential')
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('suspect.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {props.opened && <Steps {...props} />}
    </Modal>
  )
}

function Steps({ people, onClose, onIssue }: SuspectDialogProps) {
  const { t } = useTranslation('credential')
  const client = useQueryClient()
  const problemText = useProblem()
  const [key] = useState(newKey)
  const [title, setTitle] = useState(() => t('suspect.defaultTitle'))
  const [overview, setOverview] = useState('')
  const [since, setSince] = useState(() => addDays(today(), -7))
  const [remove, setRemove] = useState(true)
  const added = useQuery({ ...addedFactorsQuery(people, since), enabled: since !== '' && since <= today() })
  const factors = since ? (added.data ?? []) : []
  const act = useMutation({
    mutationFn: () =>
      suspectLeak({ people, title, overview, ...(since && remove && { factors_since: since }) }, key),
    onSettled: () =>
      Promise.all(
        ['people', 'concerns', 'incidents'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      ),
  })
  if (act.data) {
    return (
      <Stack>
        <p role="status">{t('suspect.done', { count: people.length, number: act.data.number })}</p>
        <Group justify="flex-end">
          <Button variant="default" component={Link} to={`/incidents/${act.data.id}`}>
            {t('suspect.open')}
          </Button>
          <Button
            onClick={() => {
              onClose()
              onIssue()
            }}
          >
            {t('suspect.issue')}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate()
      }}
    >
      <Stack>
        <p style={{ margin: 0 }}>{t('suspect.text', { count: people.length })}</p>
        <TextInput
          label={t('suspect.name')}
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={t('suspect.overview')}
          description={t('suspect.overviewHelp')}
          autosize
          minRows={3}
          maxLength={4000}
          value={overview}
          onChange={(event) => setOverview(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('suspect.since')}
          description={t('suspect.sinceHelp')}
          max={today()}
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
        {since !== '' && (
          <AddedFactors factors={factors} failed={added.isError} remove={remove} onRemove={setRemove} />
        )}
        {act.isError && (
          <Alert color="red" role="alert">
            {problemText(act.error).fields[0]?.message ?? problemText(act.error).sentence}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" color="red" loading={act.isPending} disabled={title.trim() === ''}>
            {t('suspect.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface AddedFactorsProps {
  factors: AddedFactor[]
  failed: boolean
  remove: boolean
  onRemove: (remove: boolean) => void
}

/** Passkeys and apps that these people have had since the day: an intruder's would work with the next password too. */
function AddedFactors({ factors, failed, remove, onRemove }: AddedFactorsProps) {
  const { t } = useTranslation('credential')
  return (
    <div aria-live="polite">
      {failed ? (
        <p>{t('suspect.factorsFailed')}</p>
      ) : (
        <p>{t('suspect.factors', { count: factors.length })}</p>
      )}
      <ul>
        {factors.map((one) => (
          <li key={`${one.person_id} ${one.kind} ${one.label} ${one.created_at}`}>
            {t('suspect.factor', {
              name: one.name,
              kind: t('suspect.kind', { context: one.kind }),
              label: one.label,
              when: formatDateTime(one.created_at),
            })}
          </li>
        ))}
      </ul>
      <Checkbox
        label={t('suspect.remove')}
        description={t('suspect.removeHelp')}
        checked={remove}
        onChange={(event) => onRemove(event.currentTarget.checked)}
      />
    </div>
  )
}
