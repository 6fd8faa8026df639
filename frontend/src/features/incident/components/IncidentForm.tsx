import { Button, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { type Incident, type IncidentInput, incidentKinds, kindContext } from '../api/incidents'

interface IncidentFormProps {
  incident?: Incident
  action: string
  onSave: (input: IncidentInput) => Promise<unknown>
  cancel?: ReactNode
}

/** What is known about an incident: the fields from which a report is written later. */
export function IncidentForm({ incident, action, onSave, cancel }: IncidentFormProps) {
  const { t } = useTranslation('incident')
  const problemText = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const [saving, setSaving] = useState(false)
  const form = useForm({
    initialValues: {
      kind: incident?.kind ?? ('leak' as Incident['kind']),
      title: incident?.title ?? '',
      overview: incident?.overview ?? '',
      data_items: incident?.data_items ?? '',
      affected: incident?.affected ?? 0,
      cause: incident?.cause ?? '',
      measures: incident?.measures ?? '',
    },
    validateInputOnBlur: true,
    validate: { title: (value) => (value.trim() === '' ? t('missing.title') : null) },
  })
  const save = async (values: typeof form.values) => {
    setErrors([])
    setSaving(true)
    try {
      await onSave({ ...values, ...(incident && { noticed_at: incident.noticed_at }) })
    } catch (error) {
      setErrors(applyProblem(form, problemText(error)))
    } finally {
      setSaving(false)
    }
  }
  return (
    <form onSubmit={form.onSubmit(save, (found) => setErrors(linesOf(found)))} noValidate>
      <Stack>
        <FormErrorSummary errors={errors} findInput={form.getInputNode} />
        <TextInput label={t('field.title')} required maxLength={200} {...form.getInputProps('title')} />
        <NativeSelect
          label={t('field.kind')}
          data={incidentKinds.map((kind) => ({
            value: kind,
            label: t('kind', { context: kindContext(kind) }),
          }))}
          {...form.getInputProps('kind')}
        />
        {(['overview', 'data_items', 'cause', 'measures'] as const).map((name) => (
          <Textarea
            key={name}
            label={t('about', { context: name })}
            description={t('help', { context: name })}
            autosize
            minRows={2}
            maxLength={name === 'data_items' ? 2000 : 4000}
            {...form.getInputProps(name)}
          />
        ))}
        <NumberInput
          label={t('field.affected')}
          min={0}
          max={100_000_000}
          allowDecimal={false}
          {...form.getInputProps('affected')}
          onChange={(value) => form.setFieldValue('affected', Number(value) || 0)}
        />
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
