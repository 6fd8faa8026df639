import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const keys = {
  exempt: ['leave', 'childcare', 'away', 'elsewhere', 'leaving', 'duty'],
  extend: ['illness', 'busy', 'trip', 'account'],
} as const

interface ReasonChipsProps {
  reasons: keyof typeof keys
  value: string
  onChange: (reason: string) => void
}

/** Reasons that are given often, to be put in with one press and changed afterwards. */
export function ReasonChips({ reasons, value, onChange }: ReasonChipsProps) {
  const { t } = useTranslation('round')
  return (
    <Group gap={6} role="group" aria-label={t('reasons.label')}>
      {keys[reasons].map((key) => {
        const text = t('standard', { context: key })
        return (
          <Button
            key={key}
            size="compact-md"
            radius="xl"
            variant={value === text ? 'filled' : 'default'}
            aria-pressed={value === text}
            onClick={() => onChange(text)}
          >
            {text}
          </Button>
        )
      })}
    </Group>
  )
}
