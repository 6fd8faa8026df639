import { Alert, Button, Group, Modal, PasswordInput, Stack } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { knowsPasskeys, wasDeclined } from '@/lib/passkey'
import { useProblem } from '@/lib/problem-text'
import { prove, proveByPasskey } from '../api/proof'
import { FactorField, factorOf } from './FactorField'
import { usePasswordToggle } from './usePasswordToggle'
import { useWait } from './useWait'

interface StepUpDialogProps {
  /** With what the person can prove who they are. */
  methods: readonly string[]
  onProved: () => void
  onDecline: () => void
}

/** Before something that others must not do at an unattended screen: who is it? Then it goes on by itself. */
export function StepUpDialog({ methods, onProved, onDecline }: StepUpDialogProps) {
  const { t } = useTranslation('auth')
  const problemText = useProblem()
  const toggle = usePasswordToggle()
  const wait = useWait()
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const typed = methods.includes('totp') || methods.includes('recovery')
  const passkeyOnly = methods.includes('passkey') && !typed
  const [kind, setKind] = useState<'totp' | 'recovery'>(methods.includes('totp') ? 'totp' : 'recovery')
  const [code, setCode] = useState('')
  const act = useMutation({
    mutationFn: (by: 'passkey' | 'password') =>
      by === 'passkey' ? proveByPasskey() : prove(password, typed ? factorOf(kind, code) : {}),
    onSuccess: onProved,
    onError: (error) => {
      const { problem } = problemText(error)
      if (problem.status === 401) onDecline()
      wait.start(problem)
    },
  })
  const wrong = act.isError && !wasDeclined(act.error) ? problemText(act.error) : null
  const at = (path: string) =>
    act.variables === 'password' ? wrong?.fields.find((one) => one.path === path)?.message : undefined
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(password === '')
    if (password !== '' && !act.isPending) act.mutate('password')
  }
  return (
    <Modal
      opened
      onClose={onDecline}
      title={t('stepUp.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <p>{t('stepUp.text')}</p>
          {wrong && (wrong.fields.length === 0 || act.variables === 'passkey') && (
            <Alert color="red" role="alert">
              {wrong.fields[0]?.message ?? wrong.sentence}
            </Alert>
          )}
          {methods.includes('passkey') && knowsPasskeys() && (
            <Button
              data-autofocus={passkeyOnly || undefined}
              variant={passkeyOnly ? 'filled' : 'default'}
              leftSection={<IconFingerprint size={20} aria-hidden />}
              loading={act.isPending && act.variables === 'passkey'}
              onClick={() => act.mutate('passkey')}
            >
              {t('factor.passkey')}
            </Button>
          )}
          {!passkeyOnly && (
            <PasswordInput
              data-autofocus
              label={t('login.password')}
              autoComplete="current-password"
              value={password}
              error={missing ? t('login.missing.password') : at('password')}
              onChange={(event) => {
                setPassword(event.currentTarget.value)
                setMissing(false)
              }}
              {...toggle}
            />
          )}
          {typed && (
            <FactorField
              methods={methods}
              kind={kind}
              onKind={setKind}
              value={code}
              onValue={setCode}
              error={at('code')}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onDecline}>
              {t('common:action.cancel')}
            </Button>
            {!passkeyOnly && (
              <Button
                type="submit"
                loading={act.isPending && act.variables === 'password'}
                disabled={wait.seconds > 0}
              >
                {wait.seconds > 0 ? t('login.wait', { count: wait.seconds }) : t('stepUp.action')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
