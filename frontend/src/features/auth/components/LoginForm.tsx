import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import type { Session } from '@/lib/session'
import { logIn, rememberedCode } from '../api/login'
import { usePasswordToggle } from './usePasswordToggle'
import { useWait } from './useWait'

interface LoginFormProps {
  onSignedIn: (session: Session) => void
  /** Filled in when it is known: from the address, or from the session that ended. */
  code?: string
}

/** Organisation code, login ID and password. */
export function LoginForm({ onSignedIn, code }: LoginFormProps) {
  const { t } = useTranslation('auth')
  const known = code ?? rememberedCode()
  const [errors, setErrors] = useState<FieldError[]>([])
  const problemText = useProblem()
  const toggle = usePasswordToggle()
  const wait = useWait()
  const required = (key: string) => (value: string) => (value.trim() === '' ? key : null)
  const form = useForm({
    initialValues: {
      organisation_code: known,
      login_id: '',
      password: '',
      remember_device: rememberedCode() !== '',
    },
    validate: {
      organisation_code: required(t('login.missing.code')),
      login_id: required(t('login.missing.id')),
      password: (value) => (value === '' ? t('login.missing.password') : null),
    },
  })
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: onSignedIn,
    onError: (error) => {
      const text = problemText(error)
      setErrors(applyProblem(form, text))
      wait.start(text.problem)
    },
  })
  const submit = form.onSubmit(
    (values) => {
      setErrors([])
      login.mutate({
        ...values,
        organisation_code: values.organisation_code.trim(),
        login_id: values.login_id.trim(),
      })
    },
    (found) => setErrors(linesOf(found)),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormErrorSummary errors={errors} findInput={form.getInputNode} />
        <TextInput
          label={t('login.code')}
          description={t('login.codeHelp')}
          autoComplete="organization"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus={known === ''}
          {...form.getInputProps('organisation_code')}
        />
        <TextInput
          label={t('login.id')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={known !== ''}
          {...form.getInputProps('login_id')}
        />
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          {...toggle}
          {...form.getInputProps('password')}
        />
        <Checkbox
          label={t('login.remember')}
          description={t('login.rememberHelp')}
          {...form.getInputProps('remember_device', { type: 'checkbox' })}
        />
        <Button type="submit" fullWidth size="lg" loading={login.isPending} disabled={wait.seconds > 0}>
          {wait.seconds > 0 ? t('login.wait', { count: wait.seconds }) : t('login.action')}
        </Button>
      </Stack>
    </form>
  )
}
