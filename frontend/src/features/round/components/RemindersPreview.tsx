import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { addDays, formatNumber } from '@/lib/format'
import { probeQuery } from '../api/assignment'
import { reminderDaysQuery } from '../api/rounds'
import { audienceOf } from './audience'
import classes from './ConfirmStep.module.css'
import type { RoundDraft } from './draft'

/** When somebody is due who comes in when the round begins and joined that day. */
function firstDue({ startsOn, deadlineOn, due }: RoundDraft): string {
  const day = addDays(startsOn, due.days)
  return day < deadlineOn ? day : deadlineOn
}

/** Which mails this round will send, on which days, and whom they do not reach. */
export function RemindersPreview({ draft }: { draft: RoundDraft }) {
  const { t } = useTranslation('round')
  const relative = draft.due.rule !== 'fixed'
  const due = relative ? firstDue(draft) : draft.deadlineOn
  const days = useQuery(reminderDaysQuery(draft.startsOn, due)).data ?? []
  const people = useQuery(probeQuery({ change: { add: audienceOf(draft.audience) } })).data
  if (days.length === 0 || !people) return null
  const mails = people.total - people.without_email
  return (
    <section aria-labelledby="sends-heading">
      <h3 id="sends-heading">{t('sends.title')}</h3>
      <ul>
        {days.map(({ day, kind, left, planned }) => (
          <li key={day}>
            {t('sends.line', { day, when: t('sends.when', { context: kind }) })}
            {kind !== 'assigned' && planned !== -left && t('sends.moved')}
          </li>
        ))}
      </ul>
      {relative && <p className={classes.note}>{t('sends.relative', { day: due })}</p>}
      {mails > 0 && (
        <p className={classes.note}>{t('sends.each', { count: mails, formatted: formatNumber(mails) })}</p>
      )}
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
