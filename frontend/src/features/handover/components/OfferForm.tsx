import { Alert, Button, Checkbox, Group, Select, Stack, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDate } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem, useSentence } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import { candidateQuery, candidatesQuery, handoverKeys, offerHandover } from '../api/handovers'
import classes from './Handover.module.css'

/** The manager asks a successor. Nothing changes until they accept. */
export function OfferForm() {
  const { t } = useTranslation('handover')
  const client = useQueryClient()
  const words = useProblem()
  const { key } = useIdempotencyKey()
  const [to, setTo] = useState<string | null>(null)
  const [keep, setKeep] = useState(true)
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const offer = useMutation({
    mutationFn: () => offerHandover({ to: to ?? '', keep_as_deputy: keep, note }, key),
    onSuccess: () => {
      tell(t('offer.done'))
      return client.invalidateQueries({ queryKey: handoverKeys.all })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(to === null)
    if (to !== null && !offer.isPending) offer.mutate()
  }
  const problem = offer.isError ? words(offer.error) : null
  return (
    <form onSubmit={submit} noValidate className={classes.card}>
      <h2>{t('offer.title')}</h2>
      <p>{t('offer.text')}</p>
      {problem && (
        <Alert color="red" role="alert">
          {problem.sentence}
        </Alert>
      )}
      <Stack>
        <Successor
          value={to}
          onChange={setTo}
          error={missing && to === null ? t('offer.missing') : undefined}
        />
        {to !== null && <Caution person={to} />}
        <Checkbox
          label={t('offer.keep')}
          description={t('offer.keepHelp')}
          checked={keep}
          onChange={(event) => setKeep(event.currentTarget.checked)}
        />
        <Textarea
          label={t('offer.note')}
          description={t('offer.noteHelp')}
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" size="md" loading={offer.isPending}>
            {t('offer.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What the manager should know before asking this person: why it cannot be, or that a deputy handed a password out. */
function Caution({ person }: { person: string }) {
  const { t } = useTranslation('handover')
  const sentence = useSentence()
  const { data } = useQuery(candidateQuery(person))
  if (data?.problem)
    return (
      <Alert color="red" role="status">
        {sentence(data.problem)}
      </Alert>
    )
  if (!data?.handed_out_at) return null
  return (
    <Alert color="yellow" role="status" title={t('offer.handedOut.title')}>
      {t('offer.handedOut.text', {
        by: data.handed_out_by,
        name: data.person.name,
        on: formatDate(data.handed_out_at),
      })}
    </Alert>
  )
}

interface SuccessorProps {
  value: string | null
  onChange: (id: string | null) => void
  error: string | undefined
}

/** One person, found by typing part of a name, login ID or number; the server searches. */
function Successor({ value, onChange, error }: SuccessorProps) {
  const { t } = useTranslation('handover')
  const { person: self } = useSession()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.replace(/\s*\(.*$/, '').trim(), 200)
  const found = useQuery(candidatesQuery(q))
  const options = (found.data ?? [])
    .filter(({ id }) => id !== self.id)
    .map((person) => ({ value: person.id, label: `${person.name} (${person.login_id})` }))
  return (
    <Select
      required
      searchable
      label={t('offer.to')}
      description={t('offer.toHelp')}
      error={error}
      data={options}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage={found.isPending ? t('offer.searching') : t('offer.notFound')}
    />
  )
}
