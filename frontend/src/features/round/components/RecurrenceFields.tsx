import { Checkbox, NumberInput, Radio, Select, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { distances, type RecurrenceDraft } from './recurrence'

interface RecurrenceFieldsProps {
  draft: RecurrenceDraft
  onChange: (draft: RecurrenceDraft) => void
}

/** Once, a round every so many months, or each person again some months after they completed it. */
export function RecurrenceFields({ draft, onChange }: RecurrenceFieldsProps) {
  const { t } = useTranslation('round')
  const change = (next: Partial<RecurrenceDraft>) => onChange({ ...draft, ...next })
  const number = (value: number | string) => (value === '' ? -1 : Number(value))
  return (
    <>
      <Radio.Group
        label={t('recurrence.label')}
        value={draft.kind}
        onChange={(kind) => change({ kind: kind as RecurrenceDraft['kind'] })}
      >
        <Stack gap="xs" mt="xs">
          {(['once', 'calendar', 'completion'] as const).map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={t('recurrence_kind', { context: kind })}
              description={t('recurrence_help', { context: kind })}
            />
          ))}
        </Stack>
      </Radio.Group>
      {draft.kind === 'calendar' && (
        <>
          <Select
            label={t('recurrence.every')}
            allowDeselect={false}
            maw="16rem"
            data={distances.map((n) => ({
              value: String(n),
              label: t('recurrence_every', { context: String(n) }),
            }))}
            value={String(draft.every)}
            onChange={(every) => change({ every: Number(every) })}
          />
          <NumberInput
            label={t('recurrence.lead')}
            description={t('recurrence.leadHelp')}
            min={0}
            max={90}
            allowDecimal={false}
            clampBehavior="blur"
            maw="16rem"
            value={draft.leadDays < 0 ? '' : draft.leadDays}
            onChange={(value) => change({ leadDays: number(value) })}
          />
        </>
      )}
      {draft.kind === 'completion' && (
        <>
          <NumberInput
            label={t('recurrence.months')}
            min={1}
            max={60}
            allowDecimal={false}
            clampBehavior="blur"
            maw="16rem"
            value={draft.months < 0 ? '' : draft.months}
            onChange={(value) => change({ months: number(value) })}
          />
          <NumberInput
            label={t('recurrence.days')}
            description={t('recurrence.daysHelp')}
            min={1}
            max={730}
            allowDecimal={false}
            clampBehavior="blur"
            maw="16rem"
            value={draft.dueDays < 0 ? '' : draft.dueDays}
            onChange={(value) => change({ dueDays: number(value) })}
          />
        </>
      )}
      {draft.kind !== 'once' && (
        <Checkbox
          label={t('recurrence.questions')}
          description={t('recurrence.questionsHelp')}
          checked={draft.newQuestions}
          onChange={(event) => change({ newQuestions: event.currentTarget.checked })}
        />
      )}
    </>
  )
}
