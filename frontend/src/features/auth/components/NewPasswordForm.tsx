import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { applyProblem, type FieldError, linesOf, useProblem, useSentence } from '@/lib/problem-text'
import { checkPassword, updatePassword } from '../api/password'
import { usePasswordToggle } from './usePasswordToggle'

interface NewPasswordFormProps {
  /** True where the current password is asked for: every time but the first. */
  askCurrent?: boolean
  action: string
  onDone: () => void
}

/** A new password, checked by the server when the field is left, so that its reasons come before the button. */
export function NewPasswordForm({ askCurrent = false, action, onDone }: NewPasswordFormProps) {
  const { t } = useTranslation('auth')
  const [errors, setErrors] = useState<FieldError[]>([])
  const problemText = useProblem()
  const sentence = useSentence()
  const toggle = usePasswordToggle()
  const form = useForm({
    initialValues: { current_password: '', new_password: '', repeated: '' },
    validate: {
      current_password: (value) => (askCurrent && value === '' ? t('password.missing.current') : null),
      new_password: (value) => (value === '' ? t('password.missing.new') : null),
      repeated: (value, values) => (value === values.new_password ? null : t('password.different')),
    },
  })
  const check = useMutation({
    mutationFn: checkPassword,
    onSuccess: (reasons, checked) => {
      if (reasons.length === 0 || form.getValues().new_password !== checked) return
      form.setFieldError('new_password', reasons.map((reason) => sentence(reason.key, reason.args)).join(' '))
    },
  })
  const update = useMutation({
    mutationFn: (values: typeof form.values) =>
      updatePassword(values.new_password, askCurrent ? values.current_password : undefined),
    onSuccess: () => {
      form.reset()
      onDone()
    },
    onError: (error) => setErrors(applyProblem(form, problemText(error))),
  })
  const submit = form.onSubmit(
    (values) => {
      setErrors([])
      update.mutate(values)
    },
    (found) => setErrors(linesOf(found)),
  )
  const field = form.getInputProps('new_password')
  const accepted = check.isSuccess && check.data.length === 0 && check.variables === form.values.new_password
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormErrorSummary errors={errors} findInput={form.getInputNode} />
        {askCurrent && (
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            {...toggle}
            {...form.getInputProps('current_password')}
          />
        )}
        <PasswordInput
          label={t('password.new')}
          description={accepted ? t('password.good') : t('password.newHelp')}
          autoComplete="new-password"
          {...toggle}
          {...field}
          onBlur={(event) => {
            field.onBlur?.(event)
            if (form.values.new_password !== '') check.mutate(form.values.new_password)
          }}
        />
        <PasswordInput
          label={t('password.repeat')}
          autoComplete="new-password"
          {...toggle}
          {...form.getInputProps('repeated')}
        />
        <Button type="submit" size="lg" fullWidth loading={update.isPending}>
          {action}
        </Button>
      </Stack>
    </form>
  )
}
