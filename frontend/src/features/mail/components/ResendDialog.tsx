import { Button, Group, Modal, Skeleton, Stack } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import type { MailFilter } from '../api/filter'
import { mailKeys, resendMany } from '../api/mail'

interface ResendDialogProps {
  /** The chosen messages; none means all that the filter shows. */
  ids: string[]
  filter: MailFilter
  onClose: () => void
  onDone: () => void
}

/** Tells who would get a message again, then sends it. */
export function ResendDialog({ ids, filter, onClose, onDone }: ResendDialogProps) {
  const { t } = useTranslation('mail')
  const client = useQueryClient()
  const problemText = useProblem()
  const preview = useQuery({
    queryKey: ['mail', 'resend', ids, filter] as const,
    queryFn: () => resendMany(ids, filter, true),
    gcTime: 0,
    retry: false,
  })
  const send = useMutation({
    mutationFn: () => resendMany(ids, filter, false),
    onSuccess: ({ ready }) => {
      tell(t('again.done', { count: ready, formatted: formatNumber(ready) }))
      onDone()
      return client.invalidateQueries({ queryKey: mailKeys.all })
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const sum = preview.data
  const line = (count: number) => ({ count, formatted: formatNumber(count) })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('again.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        {preview.isError && <p role="alert">{problemText(preview.error).sentence}</p>}
        {preview.isPending && <Skeleton height={72} />}
        {sum && (
          <div>
            <p>{t('again.ready', line(sum.ready))}</p>
            {sum.names.length > 0 && (
              <p>
                {sum.names.join(t('again.separator'))}
                {sum.ready > sum.names.length && t('again.more', line(sum.ready - sum.names.length))}
              </p>
            )}
            {sum.no_address > 0 && <p>{t('again.without', line(sum.no_address))}</p>}
            {sum.waiting > 0 && <p>{t('again.waiting', line(sum.waiting))}</p>}
            <p>{t('again.words')}</p>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button
            leftSection={<IconSend size={18} aria-hidden />}
            disabled={!sum || sum.ready === 0}
            loading={send.isPending}
            onClick={() => send.mutate()}
          >
            {t('again.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
