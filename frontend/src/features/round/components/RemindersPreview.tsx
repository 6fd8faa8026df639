import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import { probeQuery } from '../api/assignment'
import { reminderDaysQuery } from '../api/rounds'
import { audienceOf } from './audience'
import classes from './ConfirmStep.module.css'
import type { RoundDraft } from './draft'

/** Which mails this round will send, on which days, and whom they do not reach. */
export function RemindersPreview({ draft }: { draft: RoundDraft }) {
  const { t } = useTranslation('round')
  const days = useQuery(reminderDaysQuery(draft.startsOn, draft.deadlineOn)).data ?? []
  const people = useQuery(probeQuery({ change: { add: audienceOf(draft.audience) } })).data
  if (days.length === 0 || !people) return null
  const mails = people.total - people.without_email
  return (
    <section aria-labelledby="sends-heading">
      <h3 id="sends-heading">{t('sends.title')}</h3>
      <ul>
        {days.map(({ day, kind }) => (
          <li key={day}>{t('sends.line', { day, when: t('sends.when', { context: kind }) })}</li>
        ))}
      </ul>
      <p className={classes.note}>{t('sends.each', { count: mails, formatted: formatNumber(mails) })}</p>
      {people.without_email > 0 && (
        <p className={classes.note}>
          {t('sends.without', {
            count: people.without_email,
            formatted: formatNumber(people.without_email),
          })}
        </p>
      )}
    </section>
  )
}
