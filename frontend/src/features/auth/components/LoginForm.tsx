import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { knowsPasskeys, wasDeclined } from '@/lib/passkey'
import { type FieldError, useProblem } from '@/lib/problem-text'
import type { Session } from '@/lib/session'
import { logIn, logInByPasskey, rememberedCode } from '../api/login'
import { RememberDevice } from './RememberDevice'
import { usePasswordToggle } from './usePasswordToggle'
import { useWait } from './useWait'

interface LoginFormProps {
  onSignedIn: (session: Session) => void
  /** The password was right, and a second factor is wanted. */
  onFactor: (methods: string[]) => void
  /** Why a log-in that had begun is over. */
  over?: string
  /** Filled in when it is known: from the address, or from the session that ended. */
  code?: string
}

/** Organisation code, login ID and password. */
export function LoginForm({ onSignedIn, onFactor, over, code }: LoginFormProps) {
  const { t } = useTranslation('auth')
  const known = code ?? rememberedCode()
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState<FieldError[]>(over ? [{ path: '', message: over }] : [])
  const problemText = useProblem()
  const toggle = usePasswordToggle()
  const wait = useWait()
  const failed = (error: unknown) => {
    if (wasDeclined(error)) return
    const { fields, sentence, problem } = problemText(error)
    setErrors(fields.length > 0 ? fields : [{ path: '', message: sentence }])
    wait.start(problem)
  }
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: (outcome) => ('session' in outcome ? onSignedIn(outcome.session) : onFactor(outcome.factors)),
    onError: failed,
  })
  const byPasskey = useMutation({ mutationFn: logInByPasskey, onSuccess: onSignedIn, onError: failed })
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = valuesOf(event.currentTarget)
    const missing: FieldError[] = []
    const need = (path: keyof typeof values, message: string) => {
      if (values[path] === '') missing.push({ path, message })
    }
    need('organisation_code', t('login.missing.code'))
    need('login_id', t('login.missing.id'))
    need('password', t('login.missing.password'))
    setErrors(missing)
    if (missing.length === 0) login.mutate(values)
  }
  const field = (name: string) => ({
    name,
    error: errors.find((error) => error.path === name)?.message,
    onChange: () =>
      setErrors((old) =>
        old.some((one) => one.path === name) ? old.filter((one) => one.path !== name) : old,
      ),
  })
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormErrorSummary
          errors={errors}
          findInput={(path) => form.current?.querySelector<HTMLInputElement>(`[name="${path}"]`) ?? null}
        />
        <TextInput
          label={t('login.code')}
          description={t('login.codeHelp')}
          autoComplete="organization"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus={known === ''}
          defaultValue={known}
          {...field('organisation_code')}
        />
        <TextInput
          label={t('login.id')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={known !== ''}
          {...field('login_id')}
        />
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          {...toggle}
          {...field('password')}
        />
        <RememberDevice />
        <Button type="submit" fullWidth size="lg" loading={login.isPending} disabled={wait.seconds > 0}>
          {wait.seconds > 0 ? t('login.wait', { count: wait.seconds }) : t('login.action')}
        </Button>
        {knowsPasskeys() && (
          <Button variant="subtle" fullWidth loading={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
            {t('login.passkey')}
          </Button>
        )}
      </Stack>
    </form>
  )
}

/** The browser keeps what is typed, so that the first load carries no form library. */
function valuesOf(form: HTMLFormElement) {
  const data = new FormData(form)
  const text = (name: string) => String(data.get(name) ?? '')
  return {
    organisation_code: text('organisation_code').trim(),
    login_id: text('login_id').trim(),
    password: text('password'),
    remember_device: data.has('remember_device'),
  }
}
