import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconRepeat } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { today } from '@/lib/format'
import { type Recurrence, recurrenceQuery } from '../api/recurrence'
import type { Round } from '../api/rounds'
import { RecurrenceDialog } from './RecurrenceDialog'
import classes from './RoundRules.module.css'
import { longDate } from './recurrence'

/** Whether the training of a round comes again, when, and the way to change or stop it. */
export function RoundRecurrence({ round, mayWrite }: { round: Round; mayWrite: boolean }) {
  const { t } = useTranslation('round')
  const [editing, setEditing] = useState(false)
  const { data } = useQuery(recurrenceQuery(round.id))
  if (!data) return null
  return (
    <section aria-labelledby="recurrence-heading" className={classes.rules}>
      <h2 id="recurrence-heading">{t('recurrence.title')}</h2>
      {data.problem && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} mb="sm">
          {t('recurrence_problem', { context: data.problem })}
        </Alert>
      )}
      <Sentence now={data} />
      {data.newest !== round.id && (
        <p className={classes.help}>
          <Link to="/rounds/$roundId" params={{ roundId: data.newest }}>
            {t('recurrence.newest')}
          </Link>
        </p>
      )}
      {mayWrite && (
        <Button
          variant="default"
          className="no-print"
          leftSection={<IconRepeat size={18} aria-hidden />}
          onClick={() => setEditing(true)}
        >
          {t('recurrence.action')}
        </Button>
      )}
      {editing && <RecurrenceDialog round={round} now={data} onClose={() => setEditing(false)} />}
    </section>
  )
}

function Sentence({ now }: { now: Recurrence }) {
  const { t, i18n } = useTranslation('round')
  const words = (day = '') => longDate(day, i18n.language)
  if (now.kind === 'completion')
    return <p>{t('recurrence.after', { count: now.months ?? 0, days: now.due_days ?? 0 })}</p>
  if (!now.next) return <p className={classes.help}>{t('recurrence.not')}</p>
  const { title, starts_on, deadline_on } = now.next
  const soon = (now.opens_on ?? '') <= today()
  return (
    <>
      <p>
        <strong>{t('recurrence.next', { context: soon ? 'now' : 'later', day: words(starts_on) })}</strong>
      </p>
      <p className={classes.help}>
        {t('recurrence.nextFacts', { title, deadline: words(deadline_on), opens: words(now.opens_on) })}
      </p>
    </>
  )
}
