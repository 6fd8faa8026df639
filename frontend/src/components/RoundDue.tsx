import { useTranslation } from 'react-i18next'
import { formatDate } from '@/lib/format'
import { type DueOfRound, isRelative } from '@/lib/round-due'
import { DateText } from './DateText'

/**
 * Until when the people of a round have time: its deadline, with the later days of single people, or the rule by which each has a day of their own.
 * It needs `texts('round')` at the route.
 */
export function RoundDue({ round }: { round: DueOfRound }) {
  const { t } = useTranslation('round')
  const { due_first: first, due_last: last } = round
  if (!isRelative(round))
    return (
      <>
        {t('until')} <DateText value={round.deadline_on} />
        {last && last > round.deadline_on && t('dueLater', { day: formatDate(last) })}
      </>
    )
  return (
    <>
      {t('until')} {t('dueWords', { context: round.due_rule, days: round.due_days })}
      {first && last
        ? t('dueSpan', {
            context: first === last ? 'day' : 'days',
            first: formatDate(first),
            last: formatDate(last),
          })
        : t('dueEach')}
    </>
  )
}
