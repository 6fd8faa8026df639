import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Stat } from '@/components/Stat'
import { digestQuery } from '../api/mail'
import classes from '../pages/MailPage.module.css'

/** What the managers' digest says today, for those who have no address to get it at. */
export function DigestCard() {
  const { t } = useTranslation('mail')
  const digest = useQuery(digestQuery).data
  if (!digest || digest.rounds.length === 0) return null
  return (
    <section aria-labelledby="digest-heading" className={classes.digest}>
      <h2 id="digest-heading" className={classes.heading}>
        {t('digest.title')}
      </h2>
      <div className={classes.figures}>
        <Stat
          label={t('digest.overdue')}
          value={digest.overdue}
          unit={t('people', { count: digest.overdue })}
          tone={digest.overdue > 0 ? 'late' : 'good'}
        />
        <Stat
          label={t('digest.soon')}
          value={digest.due_soon}
          unit={t('people', { count: digest.due_soon })}
        />
        <Stat
          label={t('digest.without')}
          value={digest.without_address}
          unit={t('people', { count: digest.without_address })}
        />
        <Stat
          label={t('digest.failed')}
          value={digest.mail.bounced}
          unit={t('messages', { count: digest.mail.bounced })}
          tone={digest.mail.bounced > 0 ? 'bad' : 'plain'}
          open={(body, className) => (
            <Link to="/mail" search={{ state: 'failed' }} className={className}>
              {body}
            </Link>
          )}
        />
      </div>
    </section>
  )
}
