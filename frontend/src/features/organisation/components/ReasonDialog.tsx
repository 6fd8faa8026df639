import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'

interface ReasonDialogProps {
  opened: boolean
  onClose: () => void
  /** The act, as a verb: also the words on the button. */
  action: string
  /** What will happen, in words and figures. */
  children: ReactNode
  /** True for what stops somebody's work. */
  grave?: boolean
  onConfirm: (reason: string) => Promise<void>
}

/** An act whose reason is kept in the log: says what will happen and asks why. */
export function ReasonDialog({ opened, onClose, action, children, grave, onConfirm }: ReasonDialogProps) {
  const { t } = useTranslation('organisation')
  const problemText = useProblem()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const act = useMutation({ mutationFn: () => onConfirm(reason), onSuccess: () => close() })
  const close = () => {
    setReason('')
    setMissing(false)
    act.reset()
    onClose()
  }
  const empty = reason.trim() === ''
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={action}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(empty)
          if (!empty && !act.isPending) act.mutate()
        }}
      >
        <Stack>
          <div>{children}</div>
          {act.isError && (
            <Alert color="red" role="alert">
              {problemText(act.error).sentence}
            </Alert>
          )}
          <Textarea
            data-autofocus
            required
            autosize
            minRows={2}
            maxLength={500}
            label={t('reason.label')}
            description={t('reason.help')}
            error={missing && empty ? t('reason.missing') : undefined}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={act.isPending} {...(grave && { color: 'red' })}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
