import { Button, Group, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { linkKeys, linksQuery, type RecordLink, revokeLink } from '../api/links'
import classes from './EarlierIssues.module.css'

/** Links that were handed out: whom to, until when, how often opened; each can be ended at once. */
export function RecordLinks() {
  const { t } = useTranslation('training_record')
  const query = useQuery(linksQuery)
  if (query.data?.length === 0) return null
  return (
    <section aria-labelledby="links-heading" className={`${classes.issues} no-print`}>
      <h2 id="links-heading">{t('links.title')}</h2>
      {query.isPending && <RowsSkeleton rows={1} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul>
        {query.data?.map((link) => (
          <LinkLine key={link.id} link={link} />
        ))}
      </ul>
    </section>
  )
}

function LinkLine({ link }: { link: RecordLink }) {
  const { t } = useTranslation('training_record')
  const client = useQueryClient()
  const words = useProblem()
  const revoke = useMutation({
    mutationFn: () => revokeLink(link.id),
    onSuccess: () => {
      tell(t('links.revoked', { recipient: link.recipient }))
      return client.invalidateQueries({ queryKey: linkKeys.list })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  const [asking, asked] = useDisclosure(false)
  const over = !link.revoked_at && Date.parse(link.expires_at) <= Date.now()
  return (
    <li>
      <div className={classes.head}>
        <strong>{link.recipient}</strong>
        <span>{t('links.kind', { context: link.kind })}</span>
        {link.revoked_at && <StatusBadge tone="out">{t('links.ended')}</StatusBadge>}
        {over && <StatusBadge tone="out">{t('links.expired')}</StatusBadge>}
        <span>
          {t('links.until')} <DateText value={link.expires_at} time />
        </span>
        <span>{t('links.opened', { count: link.opened })}</span>
      </div>
      {!link.revoked_at && !over && (
        <Popover opened={asking} onChange={asked.toggle} trapFocus withArrow width={300}>
          <Popover.Target>
            <Button
              size="compact-sm"
              variant="default"
              onClick={asked.toggle}
              aria-label={t('links.revokeOf', { recipient: link.recipient })}
            >
              {t('links.revoke')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <p>{t('links.revokeText', { recipient: link.recipient })}</p>
            <Group justify="flex-end" gap="sm">
              <Button size="compact-sm" variant="default" onClick={asked.close}>
                {t('common:action.cancel')}
              </Button>
              <Button
                size="compact-sm"
                color="red"
                loading={revoke.isPending}
                onClick={() => revoke.mutate()}
              >
                {t('links.revoke')}
              </Button>
            </Group>
          </Popover.Dropdown>
        </Popover>
      )}
    </li>
  )
}
