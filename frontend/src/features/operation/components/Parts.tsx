import { useTranslation } from 'react-i18next'
import { StatusBadge } from '@/components/StatusBadge'
import { formatDateTime, formatNumber } from '@/lib/format'
import type { Operation } from '../api/operation'
import classes from './Operation.module.css'

/** What the installation needs, and whether it answers. */
export function Parts({ state }: { state: Operation }) {
  const { t } = useTranslation('operation')
  return (
    <section aria-labelledby="operation-parts">
      <h2 id="operation-parts" className={classes.heading}>
        {t('parts')}
      </h2>
      <dl className={classes.parts}>
        {state.parts.map((part) => (
          <div key={part.name} className={classes.part}>
            <dt>{t('part', { context: part.name })}</dt>
            <dd>
              <StatusBadge tone={part.away || part.full ? 'bad' : 'good'}>
                {part.away ? t('away') : part.full ? t('full') : t('up', { ms: formatNumber(part.ms) })}
              </StatusBadge>
            </dd>
          </div>
        ))}
        <div className={classes.part}>
          <dt>{t('part_mail')}</dt>
          <dd>
            <MailState mail={state.mail} />
          </dd>
        </div>
      </dl>
    </section>
  )
}

function MailState({ mail }: { mail: Operation['mail'] }) {
  const { t } = useTranslation('operation')
  if (!mail.has_server) return <StatusBadge tone="out">{t('mail_none')}</StatusBadge>
  if (mail.failing > 0) {
    const since = mail.since ? formatDateTime(mail.since) : ''
    return (
      <StatusBadge tone="late">
        {t('mail_failing', { failing: formatNumber(mail.failing), since })}
      </StatusBadge>
    )
  }
  return <StatusBadge tone="good">{t('mail_up', { waiting: formatNumber(mail.waiting) })}</StatusBadge>
}
