import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { personKeys } from '../api/people'

interface ActDialogProps {
  opened: boolean
  onClose: () => void
  /** The act, as a verb: title and button. */
  action: string
  /** What will happen, before it does. */
  children: ReactNode
  act: () => Promise<unknown>
  onDone?: () => void
  color?: string
}

/** An act that can be undone: says what follows, does it, and shows what went wrong. */
export function ActDialog({ opened, onClose, action, children, act, onDone, color }: ActDialogProps) {
  const { t } = useTranslation('common')
  const client = useQueryClient()
  const problemText = useProblem()
  const run = useMutation({
    mutationFn: act,
    onSuccess: () => {
      onDone?.()
      close()
    },
    onSettled: () => client.invalidateQueries({ queryKey: personKeys.all }),
  })
  const close = () => {
    run.reset()
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={action}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <div>{children}</div>
        {run.isError && (
          <Alert color="red" role="alert">
            {problemText(run.error).sentence}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('action.cancel')}
          </Button>
          <Button loading={run.isPending} onClick={() => run.mutate()} {...(color && { color })}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
