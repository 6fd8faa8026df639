import { Alert, Button, Stack } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { knowsPasskeys, wasDeclined } from '@/lib/passkey'
import { useProblem } from '@/lib/problem-text'
import type { Session } from '@/lib/session'
import { finishByPasskey, finishLogin } from '../api/login'
import { FactorField, factorOf } from './FactorField'
import { useWait } from './useWait'

interface FactorStepProps {
  methods: readonly string[]
  onSignedIn: (session: Session) => void
  /** The log-in is over: from the start, with this sentence. */
  onOver: (sentence?: string) => void
}

/** The second step of a log-in. */
export function FactorStep({ methods, onSignedIn, onOver }: FactorStepProps) {
  const { t } = useTranslation('auth')
  const problemText = useProblem()
  const wait = useWait()
  const typed = methods.includes('totp') || methods.includes('recovery')
  const [kind, setKind] = useState<'totp' | 'recovery'>(methods.includes('totp') ? 'totp' : 'recovery')
  const [value, setValue] = useState('')
  const [missing, setMissing] = useState(false)
  const finish = useMutation({
    mutationFn: (by: 'passkey' | 'code') =>
      by === 'passkey' ? finishByPasskey() : finishLogin(factorOf(kind, value)),
    onSuccess: onSignedIn,
    onError: (error) => {
      const { problem, sentence } = problemText(error)
      if (problem.status === 401) onOver(sentence)
      wait.start(problem)
    },
  })
  const wrong = finish.isError && !wasDeclined(finish.error) ? problemText(finish.error) : null
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(value.trim() === '')
    if (value.trim() !== '' && !finish.isPending) finish.mutate('code')
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {wrong && (wrong.fields.length === 0 || finish.variables === 'passkey') && (
          <Alert color="red" role="alert">
            {wrong.fields[0]?.message ?? wrong.sentence}
          </Alert>
        )}
        {methods.includes('passkey') && knowsPasskeys() && (
          <Button
            size="lg"
            variant={typed ? 'default' : 'filled'}
            leftSection={<IconFingerprint size={20} aria-hidden />}
            loading={finish.isPending && finish.variables === 'passkey'}
            onClick={() => finish.mutate('passkey')}
          >
            {t('factor.passkey')}
          </Button>
        )}
        {typed && (
          <>
            <FactorField
              methods={methods}
              kind={kind}
              onKind={(next) => {
                setKind(next)
                setValue('')
              }}
              value={value}
              onValue={setValue}
              error={
                missing
                  ? t('factor.missing')
                  : finish.variables === 'code'
                    ? wrong?.fields[0]?.message
                    : undefined
              }
              focus
            />
            <Button
              type="submit"
              size="lg"
              loading={finish.isPending && finish.variables === 'code'}
              disabled={wait.seconds > 0}
            >
              {wait.seconds > 0 ? t('login.wait', { count: wait.seconds }) : t('login.action')}
            </Button>
          </>
        )}
        <Button variant="subtle" color="gray" onClick={() => onOver()}>
          {t('factor.back')}
        </Button>
      </Stack>
    </form>
  )
}
