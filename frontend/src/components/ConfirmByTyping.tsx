import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface ConfirmByTypingProps {
  opened: boolean
  onClose: () => void
  /** The act, as a verb: also the words on the button. */
  action: string
  /** What will be gone, in words and figures. */
  children: ReactNode
  /** What has to be typed: the name of the thing. */
  word: string
  pending?: boolean
  onConfirm: () => void
}

/** For what cannot be undone: the name has to be typed before the button works. */
export function ConfirmByTyping(props: ConfirmByTypingProps) {
  const { opened, onClose, action, children, word, pending, onConfirm } = props
  const { t } = useTranslation('common')
  const [typed, setTyped] = useState('')
  const matches = typed.normalize('NFKC').trim() === word.normalize('NFKC').trim()
  const close = () => {
    setTyped('')
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches && !pending) onConfirm()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={action}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <div>{children}</div>
          <TextInput
            data-autofocus
            label={t('confirm.label', { word })}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!matches} loading={pending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
