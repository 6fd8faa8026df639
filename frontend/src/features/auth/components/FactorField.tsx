import { Button, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FactorAnswer } from '../api/login'

interface FactorFieldProps {
  /** With what the person can go on: totp, recovery. */
  methods: readonly string[]
  kind: 'totp' | 'recovery'
  onKind: (kind: 'totp' | 'recovery') => void
  value: string
  onValue: (value: string) => void
  error?: string
  focus?: boolean
}

/** The answer as the server takes it. */
export function factorOf(kind: 'totp' | 'recovery', value: string): FactorAnswer {
  return kind === 'totp' ? { code: value } : { recovery_code: value }
}

/** The code from the app, or a recovery code in its place. */
export function FactorField({ methods, kind, onKind, value, onValue, error, focus }: FactorFieldProps) {
  const { t } = useTranslation('auth')
  const other = kind === 'totp' ? 'recovery' : 'totp'
  return (
    <Stack gap="xs" align="flex-start">
      <TextInput
        w="100%"
        label={t('factor.value', { context: kind })}
        description={t('factor.valueHelp', { context: kind })}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        name="code"
        autoFocus={focus}
        value={value}
        error={error}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      {methods.includes(other) && (
        <Button variant="subtle" size="compact-md" onClick={() => onKind(other)}>
          {t('factor.use', { context: other })}
        </Button>
      )}
    </Stack>
  )
}
