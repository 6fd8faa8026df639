import { Button, Group, NumberInput, Pill, Select, Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../api/reminders'
import { dayProblem, mailsOf, maxReminders, withDay, withoutDay } from './plan'
import classes from './Reminder.module.css'

interface PlanFieldsProps {
  plan: Plan
  onChange: (plan: Plan) => void
}

/** On which days, from which hour on, and whether at weekends. */
export function PlanFields({ plan, onChange }: PlanFieldsProps) {
  const { t } = useTranslation('reminder')
  return (
    <Stack>
      <Switch
        label={t('plan.assigned')}
        checked={plan.at_assignment}
        disabled={!plan.at_assignment && mailsOf(plan) >= maxReminders}
        onChange={(event) => onChange({ ...plan, at_assignment: event.currentTarget.checked })}
      />
      <Days plan={plan} onChange={onChange} />
      <Select
        label={t('plan.hour')}
        description={t('plan.hourHelp')}
        className={classes.short}
        allowDeselect={false}
        data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))}
        value={String(plan.hour)}
        onChange={(hour) => onChange({ ...plan, hour: Number(hour) })}
      />
      <Switch
        label={t('plan.weekdays')}
        description={t('plan.weekdaysHelp')}
        checked={plan.weekdays_only}
        onChange={(event) => onChange({ ...plan, weekdays_only: event.currentTarget.checked })}
      />
    </Stack>
  )
}

function Days({ plan, onChange }: PlanFieldsProps) {
  const { t } = useTranslation('reminder')
  const [count, setCount] = useState<number | string>(3)
  const [side, setSide] = useState<'before' | 'today' | 'after'>('before')
  const day = side === 'today' ? 0 : side === 'before' ? -Number(count) : Number(count)
  const problem = dayProblem(plan, day)
  return (
    <fieldset className={classes.days}>
      <legend>{t('plan.days')}</legend>
      <p className={classes.help}>{t('plan.count', { count: mailsOf(plan), max: maxReminders })}</p>
      {plan.days.length > 0 && (
        <ul className={classes.pills}>
          {plan.days.map((one) => (
            <li key={one}>
              <Pill
                size="lg"
                withRemoveButton
                removeButtonProps={{
                  'aria-label': t('plan.remove', { day: dayText(t, one) }),
                  tabIndex: 0,
                  'aria-hidden': false,
                }}
                onRemove={() => onChange(withoutDay(plan, one))}
              >
                {dayText(t, one)}
              </Pill>
            </li>
          ))}
        </ul>
      )}
      <Group align="flex-end" gap="sm">
        <Select
          label={t('plan.side')}
          className={classes.side}
          allowDeselect={false}
          data={(['before', 'today', 'after'] as const).map((value) => ({
            value,
            label: t('plan.side', { context: value }),
          }))}
          value={side}
          onChange={(value) => setSide(value as typeof side)}
        />
        {side !== 'today' && (
          <NumberInput
            label={t('plan.number')}
            className={classes.number}
            min={1}
            max={90}
            allowDecimal={false}
            value={count}
            onChange={setCount}
          />
        )}
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          disabled={problem !== undefined}
          onClick={() => onChange(withDay(plan, day))}
        >
          {t('plan.add')}
        </Button>
      </Group>
      {problem && problem !== 'twice' && (
        <p className={classes.help}>{t('plan.problem', { context: problem, max: maxReminders })}</p>
      )}
    </fieldset>
  )
}

type T = ReturnType<typeof useTranslation<'reminder'>>['t']

/** "7 days before", "on the day". */
function dayText(t: T, day: number): string {
  if (day === 0) return t('plan.today')
  return day < 0 ? t('plan.before', { count: -day }) : t('plan.after', { count: day })
}
