import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'

interface RemoveDialogProps {
  name: string
  act: () => Promise<string[]>
  onDone: (codes: string[]) => void
  onClose: () => void
}

/** Before a factor goes: what follows, and what stands in the way. */
export function RemoveDialog({ name, act, onDone, onClose }: RemoveDialogProps) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const remove = useMutation({ mutationFn: act, onSuccess: onDone })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('remove.title', { name })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <p>{t('remove.text')}</p>
        {remove.isError && (
          <Alert color="red" role="alert">
            {problemText(remove.error).sentence}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('remove.action')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
