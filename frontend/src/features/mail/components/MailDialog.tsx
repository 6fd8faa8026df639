import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { type Mail, mailKeys, resendMail } from '../api/mail'
import { FateBadge } from './FateBadge'
import classes from './MailDialog.module.css'

/** One message with its words, so that it can be passed on by hand where it could not be sent. */
export function MailDialog({
  mail,
  hasServer,
  onClose,
}: {
  mail: Mail
  hasServer: boolean
  onClose: () => void
}) {
  const { t } = useTranslation(['mail', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const mayWrite = usePermission('mail:write')
  const resend = useMutation({
    mutationFn: () => resendMail(mail.id),
    onSuccess: () => {
      tell(t('resent'))
      onClose()
      return client.invalidateQueries({ queryKey: mailKeys.all })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={mail.subject}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <dl className={classes.facts}>
          <dt>{t('to')}</dt>
          <dd>{mail.to_name}</dd>
          <dt>{t('address')}</dt>
          <dd>{mail.to_address ? <Copyable value={mail.to_address} /> : t('fate_no_address')}</dd>
          <dt>{t('fate.title')}</dt>
          <dd>
            <FateBadge fate={mail.state} /> {mail.sent_at && <DateText value={mail.sent_at} time />}
          </dd>
          {mail.last_error && (
            <>
              <dt>{mail.state === 'dropped' ? t('why') : t('said')}</dt>
              <dd>
                {mail.state === 'dropped' ? t('dropped', { context: mail.last_error }) : mail.last_error}
              </dd>
            </>
          )}
          {mail.resent_at && (
            <>
              <dt>{t('resentAt')}</dt>
              <dd>
                <DateText value={mail.resent_at} time />
              </dd>
            </>
          )}
        </dl>
        <pre className={classes.body}>{mail.body}</pre>
        <Group justify="flex-end">
          {mayWrite && hasServer && mail.state !== 'queued' && (
            <Button
              leftSection={<IconSend size={18} aria-hidden />}
              loading={resend.isPending}
              onClick={() => resend.mutate()}
            >
              {t('resend')}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
