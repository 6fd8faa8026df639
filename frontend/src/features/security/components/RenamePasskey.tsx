import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { type Passkey, renamePasskey } from '../api/factors'

/** Calls a passkey by another name, so that the person still knows which device it is. */
export function RenamePasskey({
  passkey,
  onDone,
  onClose,
}: {
  passkey: Passkey
  onDone: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const [name, setName] = useState(passkey.name)
  const [missing, setMissing] = useState(false)
  const rename = useMutation({ mutationFn: () => renamePasskey(passkey.id, name.trim()), onSuccess: onDone })
  const wrong = rename.isError ? problemText(rename.error) : null
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(name.trim() === '')
    if (name.trim() !== '' && !rename.isPending) rename.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('passkey.renameTitle')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {wrong && (
            <Alert color="red" role="alert">
              {wrong.fields[0]?.message ?? wrong.sentence}
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
            <Button type="submit" loading={rename.isPending}>
              {t('passkey.renameAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
