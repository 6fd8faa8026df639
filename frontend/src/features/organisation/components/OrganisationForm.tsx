import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import {
  createOrganisation,
  type Issued,
  type OrganisationFields,
  organisationKeys,
  plans,
} from '../api/organisations'
import classes from './Organisation.module.css'

const initialValues: Required<Omit<OrganisationFields, '$schema' | 'manager'>> & {
  manager: Required<OrganisationFields['manager']>
} = {
  name: '',
  code: '',
  plan: 'elearning',
  manager: { name: '', name_kana: '', login_id: '', email: '' },
}

/** A new member with its manager. Only the two names have to be there. */
export function OrganisationForm({
  onDone,
  cancel,
}: {
  onDone: (issued: Issued) => void
  cancel: ReactNode
}) {
  const { t } = useTranslation('organisation')
  const queries = useQueryClient()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const [errors, setErrors] = useState<FieldError[]>([])
  const missing = (text: string) => (value: string) => (value.trim() === '' ? text : null)
  const form = useForm({
    initialValues,
    validateInputOnBlur: true,
    validate: { name: missing(t('missing.name')), manager: { name: missing(t('missing.manager')) } },
  })
  const create = useMutation({
    mutationFn: (fields: OrganisationFields) => createOrganisation(fields, key),
    onSuccess: (issued) => {
      void queries.invalidateQueries({ queryKey: organisationKeys.all })
      onDone(issued)
    },
    onError: (error) => setErrors(applyProblem(form, problemText(error))),
  })
  const submit = form.onSubmit(
    (values) => {
      setErrors([])
      create.mutate(values)
    },
    (found) => setErrors(linesOf(found)),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg" className={classes.section}>
        <FormErrorSummary errors={errors} findInput={form.getInputNode} />
        <TextInput label={t('field.name')} required autoComplete="off" {...form.getInputProps('name')} />
        <div className={classes.two}>
          <TextInput
            label={t('field.code')}
            description={t('form.code')}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            {...form.getInputProps('code')}
          />
          <NativeSelect
            label={t('field.plan')}
            description={t('form.plan')}
            data={plans.map((plan) => ({ value: plan, label: t('plan', { context: plan }) }))}
            {...form.getInputProps('plan')}
          />
        </div>
        <fieldset className={classes.group}>
          <legend>{t('field.manager')}</legend>
          <Stack gap="md">
            <div className={classes.two}>
              <TextInput
                label={t('field.managerName')}
                required
                autoComplete="off"
                {...form.getInputProps('manager.name')}
              />
              <TextInput
                label={t('field.managerKana')}
                autoComplete="off"
                {...form.getInputProps('manager.name_kana')}
              />
            </div>
            <div className={classes.two}>
              <TextInput
                label={t('field.loginId')}
                description={t('form.loginId')}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                {...form.getInputProps('manager.login_id')}
              />
              <TextInput
                type="email"
                label={t('field.email')}
                description={t('form.email')}
                autoComplete="off"
                {...form.getInputProps('manager.email')}
              />
            </div>
          </Stack>
        </fieldset>
        <Group>
          <Button type="submit" loading={create.isPending}>
            {t('form.action')}
          </Button>
          {cancel}
        </Group>
      </Stack>
    </form>
  )
}
