import { Alert, Button, Group } from '@mantine/core'
import { IconMailOff, IconPlugConnectedX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDateTime, formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { deliveriesQuery, healthQuery, mailKeys, sendTest } from '../api/mail'
import classes from '../pages/MailPage.module.css'

/** Says in plain words when mail does not go out, to the manager and, for the whole installation, to the operator. */
export function MailHealth() {
  const { t } = useTranslation('mail')
  const health = useQuery({ ...healthQuery, refetchInterval: 60_000 }).data
  const operates = usePermission('job:read')
  const all = useQuery({ ...deliveriesQuery, enabled: operates, refetchInterval: 60_000 }).data
  if (!health) return null
  const words = (failing: number, since: string | undefined) =>
    t('away.text', {
      count: failing,
      formatted: formatNumber(failing),
      since: since ? formatDateTime(since) : '',
    })
  return (
    <>
      {!health.has_server && (
        <Alert
          icon={<IconMailOff aria-hidden />}
          title={t('noServer.title')}
          color="yellow"
          className={classes.notice}
        >
          {operates ? t('noServer.operator') : t('noServer.text')}
        </Alert>
      )}
      {operates && all && all.failing > 0 ? (
        <Alert
          icon={<IconPlugConnectedX aria-hidden />}
          title={t('away.everywhere')}
          color="red"
          className={classes.notice}
        >
          <p className={classes.line}>{words(all.failing, all.since)}</p>
          {all.said && (
            <p className={classes.line}>
              {t('said')}：{all.said}
            </p>
          )}
        </Alert>
      ) : (
        health.failing > 0 && (
          <Alert
            icon={<IconPlugConnectedX aria-hidden />}
            title={t('away.title')}
            color="red"
            className={classes.notice}
          >
            <p className={classes.line}>{words(health.failing, health.since)}</p>
            <p className={classes.line}>{t('away.do')}</p>
          </Alert>
        )
      )}
    </>
  )
}

/** Sends a message to oneself, to see whether mail arrives. */
export function TestMail() {
  const { t } = useTranslation('mail')
  const client = useQueryClient()
  const problemText = useProblem()
  const { key, renew } = useIdempotencyKey()
  const test = useMutation({
    mutationFn: () => sendTest(key),
    onSuccess: (mail) => {
      renew()
      tell(t('test.sent', { address: mail.to_address }))
      return client.invalidateQueries({ queryKey: mailKeys.all })
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group className="no-print">
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t('test.action')}
      </Button>
    </Group>
  )
}
