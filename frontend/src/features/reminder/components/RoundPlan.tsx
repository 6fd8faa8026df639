import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Plan, reminderKeys, resetRoundPlan, setRoundPlan } from '../api/reminders'
import { PlanFields } from './PlanFields'
import classes from './Reminder.module.css'

interface RoundPlanProps {
  round: string
  plan: Plan
  own: boolean
  mayWrite: boolean
}

/** The days of one round: the organisation's, until the manager gives it its own. */
export function RoundPlan({ round, plan, own, mayWrite }: RoundPlanProps) {
  const { t } = useTranslation('reminder')
  const client = useQueryClient()
  const problemText = useProblem()
  const [draft, setDraft] = useState(plan)
  const done = (text: string) => () => {
    tell(text)
    return client.invalidateQueries({ queryKey: reminderKeys.all })
  }
  const failed = (error: unknown) => tell(problemText(error).sentence, { tone: 'bad' })
  const save = useMutation({
    mutationFn: () => setRoundPlan(round, draft),
    onSuccess: done(t('saved')),
    onError: failed,
  })
  const reset = useMutation({
    mutationFn: () => resetRoundPlan(round),
    onSuccess: done(t('round.follows')),
    onError: failed,
  })
  return (
    <Stack className={classes.panel}>
      <p className={classes.help}>{own ? t('round.own') : t('round.organisation')}</p>
      <fieldset disabled={!mayWrite} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <PlanFields plan={draft} onChange={setDraft} />
      </fieldset>
      {mayWrite && (
        <Group>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {t('round.save')}
          </Button>
          {own && (
            <Button variant="default" loading={reset.isPending} onClick={() => reset.mutate()}>
              {t('round.reset')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}
