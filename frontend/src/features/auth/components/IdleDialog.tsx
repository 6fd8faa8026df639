import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { asProblem } from '@/lib/api/problem'
import { ended } from '@/lib/api/session-end'
import { formatDateTime } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'

/** The session is about to end because nobody did anything. What is on the screen stays, whatever the person does. */
export function IdleDialog({ end, onDone }: { end: number; onDone: () => void }) {
  const { t } = useTranslation('auth')
  const problem = useProblem()
  const stay = useMutation({
    mutationFn: async () => {
      try {
        await take(api.GET('/api/v1/session'))
      } catch (error) {
        if (asProblem(error).status !== 401) throw error
        ended()
      }
    },
    onSuccess: onDone,
  })
  return (
    <Modal
      opened
      onClose={() => stay.mutate()}
      title={t('idle.title')}
      closeButtonProps={{ 'aria-label': t('idle.stay') }}
    >
      <Stack>
        <p>{t('idle.text', { at: formatDateTime(new Date(end).toISOString()) })}</p>
        {stay.isError && <p role="alert">{problem(stay.error).sentence}</p>}
        <Group justify="flex-end">
          <Button data-autofocus loading={stay.isPending} onClick={() => stay.mutate()}>
            {t('idle.stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
