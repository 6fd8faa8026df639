import { NumberInput, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DueRule } from '../api/rounds'

export interface DueDraft {
  rule: DueRule
  days: number
}

interface DueFieldsProps {
  due: DueDraft
  onChange: (due: DueDraft) => void
}

/** Until when each person has time: the deadline, or so many days from a day of their own. */
export function DueFields({ due, onChange }: DueFieldsProps) {
  const { t } = useTranslation('round')
  return (
    <>
      {due.rule !== 'turn' && (
        <Radio.Group
          label={t('due.label')}
          value={due.rule}
          onChange={(rule) => onChange({ ...due, rule: rule as DueRule })}
        >
          <Stack gap="xs" mt="xs">
            {(['fixed', 'joined', 'assigned'] as const).map((rule) => (
              <Radio
                key={rule}
                value={rule}
                label={t('due', { context: rule })}
                description={t('dueHelp', { context: rule })}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {due.rule !== 'fixed' && (
        <NumberInput
          label={t(due.rule === 'turn' ? 'recurrence.days' : 'due.days')}
          min={1}
          max={730}
          allowDecimal={false}
          clampBehavior="blur"
          w="10rem"
          value={due.days || ''}
          onChange={(days) => onChange({ ...due, days: Number(days) || 0 })}
        />
      )}
    </>
  )
}
