import { Button, Checkbox, Group, MultiSelect, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import { departmentsQuery, type Person, type PersonInput, proposeLoginIDs } from '../api/people'
import { OwnFields } from './OwnFields'
import classes from './Person.module.css'

type Kind = Person['employment_kind']
const kinds: Kind[] = ['employee', 'officer', 'part_time', 'contract', 'dispatched']

interface PersonFormProps {
  person?: Person
  action: string
  /** Sends the input; what it throws is shown beside the fields. */
  onSave: (input: PersonInput) => Promise<void>
  cancel: ReactNode
}

function initial(person?: Person) {
  return {
    name: person?.name ?? '',
    name_kana: person?.name_kana ?? '',
    login_id: person?.login_id ?? '',
    employee_number: person?.employee_number ?? '',
    email: person?.email ?? '',
    departments: (person?.departments ?? []).map((one) => one.id),
    employment_kind: person?.employment_kind ?? ('employee' as Kind),
    joined_on: person?.joined_on ?? '',
    locale: person?.locale ?? ('ja' as Person['locale']),
    deputy: person?.roles?.includes('deputy_manager') ?? false,
    editor: person?.roles?.includes('editor') ?? false,
    fields: { ...person?.fields } as Record<string, string>,
  }
}

/** What is kept about a person. Only the name has to be there. */
export function PersonForm({ person, action, onSave, cancel }: PersonFormProps) {
  const { t } = useTranslation('person')
  const { roles } = useSession()
  const departments = useQuery(departmentsQuery).data ?? []
  const problemText = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const [saving, setSaving] = useState(false)
  const [proposed, setProposed] = useState<string[]>([])
  const form = useForm({
    initialValues: initial(person),
    validateInputOnBlur: true,
    validate: { name: (value) => (value.trim() === '' ? t('missing.name') : null) },
  })
  const propose = useMutation({
    mutationFn: async () => (proposed.length > 1 ? proposed.slice(1) : proposeLoginIDs()),
    onSuccess: (next) => {
      setProposed(next)
      if (next[0]) form.setFieldValue('login_id', next[0])
    },
    onError: (error) => setErrors([{ path: 'login_id', message: problemText(error).sentence }]),
  })
  const save = async ({ deputy, editor, ...values }: typeof form.values) => {
    setErrors([])
    setSaving(true)
    const granted = [...(deputy ? ['deputy_manager'] : []), ...(editor ? ['editor'] : [])]
    try {
      await onSave({ ...values, roles: granted })
    } catch (error) {
      setErrors(applyProblem(form, problemText(error)))
    } finally {
      setSaving(false)
    }
  }
  const select = (value: string): Kind => kinds.find((one) => one === value) ?? 'employee'
  return (
    <form onSubmit={form.onSubmit(save, (found) => setErrors(linesOf(found)))} noValidate>
      <Stack gap="lg" className={classes.section}>
        <FormErrorSummary errors={errors} findInput={form.getInputNode} />
        <div className={classes.two}>
          <TextInput label={t('field.name')} required autoComplete="off" {...form.getInputProps('name')} />
          <TextInput label={t('field.name_kana')} autoComplete="off" {...form.getInputProps('name_kana')} />
        </div>
        <div className={classes.two}>
          <TextInput
            label={t('field.login_id')}
            description={person ? t('form.loginChange') : t('form.loginEmpty')}
            required={person !== undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            rightSectionWidth="auto"
            rightSection={
              <Button
                variant="subtle"
                size="compact-sm"
                mx={4}
                loading={propose.isPending}
                onClick={() => propose.mutate()}
              >
                {proposed.length > 0 ? t('form.another') : t('form.propose')}
              </Button>
            }
            {...form.getInputProps('login_id')}
          />
          <TextInput
            label={t('field.employee_number')}
            description={t('form.number')}
            autoComplete="off"
            {...form.getInputProps('employee_number')}
          />
        </div>
        <TextInput
          type="email"
          label={t('field.email')}
          description={t('form.email')}
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <MultiSelect
          label={t('field.departments')}
          description={departments.length > 0 ? t('form.departments') : t('form.noDepartments')}
          disabled={departments.length === 0}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('form.clearDepartments') }}
          nothingFoundMessage={t('form.nothing')}
          data={departments.map((one) => ({ value: one.id, label: one.name }))}
          {...form.getInputProps('departments')}
        />
        <div className={classes.two}>
          <NativeSelect
            label={t('field.employment_kind')}
            data={kinds.map((kind) => ({ value: kind, label: t('kind', { context: kind }) }))}
            {...form.getInputProps('employment_kind')}
            onChange={(event) => form.setFieldValue('employment_kind', select(event.currentTarget.value))}
          />
          <TextInput type="date" label={t('field.joined_on')} {...form.getInputProps('joined_on')} />
        </div>
        <OwnFields inputProps={(path) => form.getInputProps(path)} />
        <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
          <legend style={{ padding: 0, fontWeight: 500, marginBlockEnd: '0.5rem' }}>
            {t('field.roles')}
          </legend>
          <Stack gap="sm">
            <Checkbox
              label={t('role.editor')}
              description={t('role.editorHelp')}
              {...form.getInputProps('editor', { type: 'checkbox' })}
            />
            {roles?.includes('manager') && (
              <Checkbox
                label={t('role.deputy')}
                description={t('role.deputyHelp')}
                {...form.getInputProps('deputy', { type: 'checkbox' })}
              />
            )}
          </Stack>
        </fieldset>
        <Group>
          <Button type="submit" loading={saving}>
            {action}
          </Button>
          {cancel}
        </Group>
      </Stack>
    </form>
  )
}
