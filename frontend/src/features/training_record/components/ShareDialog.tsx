import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDateTime } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { createLink, linkKeys, type Shareable } from '../api/links'
import classes from './ShareDialog.module.css'

const periods = ['3', '7', '14', '30', '90']

/** Makes a link for somebody without an account: whom for, how long; then shows it, once. */
export function ShareDialog({ what, onClose }: { what: Shareable; onClose: () => void }) {
  const { t } = useTranslation('training_record')
  const client = useQueryClient()
  const words = useProblem()
  const { key } = useIdempotencyKey()
  const [recipient, setRecipient] = useState('')
  const [days, setDays] = useState('14')
  const [missing, setMissing] = useState(false)
  const create = useMutation({
    mutationFn: () => createLink(what, recipient, Number(days), key),
    onSuccess: () => client.invalidateQueries({ queryKey: linkKeys.list }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(recipient.trim() === '')
    if (recipient.trim() !== '' && !create.isPending) create.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('share.title', { number: what.number })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {create.data ? (
        <Stack>
          <p className={classes.text} role="status">
            {t('share.done', {
              recipient: create.data.link.recipient,
              until: formatDateTime(create.data.link.expires_at),
            })}
          </p>
          <Copyable value={create.data.address} label={t('share.address')} />
          <p className={classes.text}>{t('share.once')}</p>
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('common:action.close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <p className={classes.text}>{t('share.text')}</p>
            <TextInput
              data-autofocus
              label={t('share.recipient')}
              description={t('share.recipientHelp')}
              maxLength={200}
              value={recipient}
              error={missing && t('share.recipientMissing')}
              onChange={(event) => setRecipient(event.currentTarget.value)}
            />
            <Select
              label={t('share.days')}
              data={periods.map((value) => ({ value, label: t('share.period', { count: Number(value) }) }))}
              value={days}
              onChange={(value) => setDays(value ?? '14')}
              allowDeselect={false}
            />
            {create.isError && (
              <Alert color="red" role="alert">
                {words(create.error).sentence}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common:action.cancel')}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {t('share.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
