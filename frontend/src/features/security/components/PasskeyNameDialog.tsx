import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface PasskeyNameDialogProps {
  title: string
  text?: string
  /** What the button says. */
  action: string
  /** The name to begin with. */
  name?: string
  busy: boolean
  /** Why it did not work. */
  wrong: string | undefined
  onName: (name: string) => void
  onClose: () => void
}

/** Asks what a passkey is to be called. */
export function PasskeyNameDialog(props: PasskeyNameDialogProps) {
  const { t } = useTranslation('security')
  const [name, setName] = useState(props.name ?? '')
  const [missing, setMissing] = useState(false)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(name.trim() === '')
    if (name.trim() !== '' && !props.busy) props.onName(name.trim())
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {props.text && <p>{props.text}</p>}
          {props.wrong && (
            <Alert color="red" role="alert">
              {props.wrong}
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
            <Button variant="default" onClick={props.onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={props.busy}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
