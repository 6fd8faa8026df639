import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wasDeclined, wasThere } from '@/lib/passkey'
import { useProblem } from '@/lib/problem-text'
import { addPasskey } from '../api/factors'

/** Names a passkey, then lets the browser make it. */
export function PasskeyDialog({
  onDone,
  onClose,
}: {
  onDone: (codes: string[]) => void
  onClose: () => void
}) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const [name, setName] = useState('')
  const [missing, setMissing] = useState(false)
  const add = useMutation({ mutationFn: () => addPasskey(name.trim()), onSuccess: onDone })
  const wrong = add.isError && !wasDeclined(add.error) ? problemText(add.error) : null
  const sentence = wasThere(add.error) ? t('passkey.there') : (wrong?.fields[0]?.message ?? wrong?.sentence)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(name.trim() === '')
    if (name.trim() !== '' && !add.isPending) add.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('passkey.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <p>{t('passkey.text')}</p>
          {wrong && (
            <Alert color="red" role="alert">
              {sentence}
            </Alert>
          )}
          <TextInput
            data-autofocus
            label={t('passkey.name')}
            description={t('passkey.nameHelp')}
            maxLength={100}
            value={name}
            error={missing ? t('passkey.missing') : undefined}
            onChange={(event) => {
              setName(event.currentTarget.value)
              setMissing(false)
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('passkey.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
