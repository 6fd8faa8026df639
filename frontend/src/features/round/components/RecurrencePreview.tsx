import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { today } from '@/lib/format'
import {
  type RecurrencePreview as Preview,
  type RecurrenceProbe,
  recurrencePreviewQuery,
} from '../api/recurrence'
import classes from './RecurrencePreview.module.css'
import { everyMonth, isComplete, planOf, type RecurrenceDraft } from './recurrence'

/** How many months the plot has. */
const most = 24

interface RecurrencePreviewProps {
  probe: RecurrenceProbe
  draft: RecurrenceDraft
}

/** What would come of it: the next rounds, or how many people's turn comes in which month. */
export function RecurrencePreview({ probe, draft }: RecurrencePreviewProps) {
  const { t } = useTranslation('round')
  const [asked] = useDebouncedValue({ probe, plan: planOf(draft) }, 300)
  const possible =
    draft.kind !== 'once' &&
    isComplete(draft) &&
    ('round' in probe ||
      (probe.first.title !== '' && probe.first.starts_on !== '' && probe.first.deadline_on !== ''))
  const query = useQuery({ ...recurrencePreviewQuery(asked.probe, asked.plan), enabled: possible })
  if (!possible || !query.data || asked.plan.kind !== draft.kind) return null
  return (
    <section className={classes.preview} aria-label={t('recurrence.preview')}>
      {draft.kind === 'calendar' ? (
        <Rounds preview={query.data} counted={'round' in probe} />
      ) : (
        <Turns preview={query.data} begun={'round' in probe} />
      )}
    </section>
  )
}

function Rounds({ preview, counted }: { preview: Preview; counted: boolean }) {
  const { t } = useTranslation('round')
  const now = today()
  return (
    <>
      <h3 className={classes.heading}>{t('recurrence.planned')}</h3>
      <ol className={classes.rounds}>
        {preview.next.map((one) => (
          <li key={one.starts_on}>
            <strong>{one.title}</strong>
            <span>
              <DateText value={one.starts_on} /> {t('to')} <DateText value={one.deadline_on} />
            </span>
            {one.opens_on <= now && <span className={classes.now}>{t('recurrence.opensNow')}</span>}
          </li>
        ))}
      </ol>
      {counted && <p className={classes.note}>{t('recurrence.people', { count: preview.people })}</p>}
    </>
  )
}

function Turns({ preview, begun }: { preview: Preview; begun: boolean }) {
  const { t } = useTranslation('round')
  const { shown, later } = everyMonth(preview.months, most)
  const highest = Math.max(1, ...shown.map((one) => one.people))
  return (
    <>
      <h3 className={classes.heading}>{t('recurrence.turns')}</h3>
      {shown.length === 0 && (
        <p className={classes.note}>{t('recurrence.noTurns', { context: begun ? 'yet' : 'new' })}</p>
      )}
      <ol className={classes.months}>
        {shown.map(({ month, people }) => (
          <li key={month}>
            <span>{t('recurrence.month', { year: month.slice(0, 4), month: Number(month.slice(5)) })}</span>
            <span className={classes.bar} aria-hidden>
              <span style={{ inlineSize: `${(people / highest) * 100}%` }} />
            </span>
            <span className={classes.count}>{t('recurrence.count', { count: people })}</span>
          </li>
        ))}
      </ol>
      {later > 0 && <p className={classes.note}>{t('recurrence.later', { count: later })}</p>}
      {preview.now > 0 && <p className={classes.now}>{t('recurrence.now', { count: preview.now })}</p>}
      {preview.open > 0 && <p className={classes.note}>{t('recurrence.open', { count: preview.open })}</p>}
    </>
  )
}
