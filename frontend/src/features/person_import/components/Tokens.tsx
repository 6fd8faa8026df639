import { Alert, Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import sheets from '@/components/Sheets.module.css'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type ApiToken, createToken, revokeToken, tokensQuery } from '../api/tokens'
import classes from './Import.module.css'

/** The secrets with which programs send files. */
export function Tokens() {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const query = useQuery(tokensQuery)
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: revokeToken,
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  return (
    <section className={sheets.section}>
      <h2>{t('token.title')}</h2>
      <p>{t('token.text')}</p>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.tokens}>
        {(query.data?.items ?? []).map((token) => (
          <li key={token.id}>
            <div>
              <b>{token.name}</b>
              <div className={classes.samples}>
                <Standing token={token} />
              </div>
            </div>
            {!token.revoked_at && new Date(token.expires_at) > new Date() && (
              <Button
                variant="default"
                color="red"
                size="compact-md"
                aria-label={t('token.revokeLabel', { name: token.name })}
                disabled={revoke.isPending}
                onClick={() => revoke.mutate(token.id)}
              >
                {t('token.revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className={sheets.buttons}>
        <Button onClick={() => setMaking(true)}>{t('token.make')}</Button>
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </section>
  )
}

function Standing({ token }: { token: ApiToken }) {
  const { t } = useTranslation('person_import')
  if (token.revoked_at) return t('token.revoked', { when: formatDateTime(token.revoked_at) })
  return (
    <>
      {t('token.until')} <DateText value={token.expires_at} time /> · {token.created_by} ·{' '}
      {token.last_used_at
        ? t('token.used', { when: formatDateTime(token.last_used_at), from: token.last_used_from })
        : t('token.unused')}
    </>
  )
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const make = useMutation({
    mutationFn: () => createToken({ name, days: Number(days) }, key),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!make.isPending) make.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('token.make')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {make.data?.secret ? (
        <Stack>
          <Alert color="yellow">{t('token.shownOnce')}</Alert>
          <Copyable value={make.data.secret} label={t('token.secret')} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('token.kept')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {make.isError && (
              <Alert color="red" role="alert">
                {problemText(make.error).fields[0]?.message ?? problemText(make.error).sentence}
              </Alert>
            )}
            <TextInput
              data-autofocus
              label={t('token.name')}
              description={t('token.nameHelp')}
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('token.days')}
              data={['30', '90', '180', '365'].map((value) => ({
                value,
                label: t('token.dayCount', { value }),
              }))}
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common:action.cancel')}
              </Button>
              <Button type="submit" disabled={name.trim() === ''} loading={make.isPending}>
                {t('token.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
