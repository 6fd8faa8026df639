import { Alert, Button, Group, Modal, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { prove } from '../api/proof'
import { usePasswordToggle } from './usePasswordToggle'
import { useWait } from './useWait'

interface StepUpDialogProps {
  /** With what the person can prove who they are. */
  methods: readonly string[]
  onProved: () => void
  onDecline: () => void
}

/** Before something that others must not do at an unattended screen: who is it? Then it goes on by itself. */
export function StepUpDialog({ onProved, onDecline }: StepUpDialogProps) {
  const { t } = useTranslation('auth')
  const problemText = useProblem()
  const toggle = usePasswordToggle()
  const wait = useWait()
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const act = useMutation({
    mutationFn: () => prove(password),
    onSuccess: onProved,
    onError: (error) => {
      const { problem } = problemText(error)
      if (problem.status === 401) onDecline()
      wait.start(problem)
    },
  })
  const wrong = act.isError ? problemText(act.error) : null
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(password === '')
    if (password !== '' && !act.isPending) act.mutate()
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
          {wrong && wrong.fields.length === 0 && (
            <Alert color="red" role="alert">
              {wrong.sentence}
            </Alert>
          )}
          <PasswordInput
            data-autofocus
            label={t('login.password')}
            autoComplete="current-password"
            value={password}
            error={missing ? t('login.missing.password') : wrong?.fields[0]?.message}
            onChange={(event) => {
              setPassword(event.currentTarget.value)
              setMissing(false)
            }}
            {...toggle}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onDecline}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={act.isPending} disabled={wait.seconds > 0}>
              {wait.seconds > 0 ? t('login.wait', { count: wait.seconds }) : t('stepUp.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
