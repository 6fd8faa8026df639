import { Alert, Button, CloseButton, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { applyProblem, type FieldError, useProblem } from '@/lib/problem-text'
import { createField, fieldKeys, type PersonField, updateField, usageQuery } from '../api/fields'
import { type ChoiceLine, valuesLost } from './choices'

const kinds: PersonField['kind'][] = ['text', 'number', 'date', 'choice']
let lines = 0
const newLine = (name = ''): ChoiceLine => ({ key: String(++lines), name, was: name })

interface FieldDialogProps {
  /** The field to change; none to add one. */
  field?: PersonField
  onClose: () => void
}

/** Adds an own field, renames it, changes its choices. A renamed choice keeps its people. */
export function FieldDialog({ field, onClose }: FieldDialogProps) {
  const { t } = useTranslation('person_field')
  const client = useQueryClient()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const [errors, setErrors] = useState<FieldError[]>([])
  const usage = useQuery({ ...usageQuery(field?.id ?? ''), enabled: field?.kind === 'choice' })
  const form = useForm({
    initialValues: {
      name: field?.name ?? '',
      kind: field?.kind ?? ('text' as PersonField['kind']),
      choices: field?.choices?.length ? field.choices.map(newLine) : [newLine(), newLine()],
    },
    validate: { name: (value) => (value.trim() === '' ? t('missing') : null) },
  })
  const { kind, choices } = form.values
  const lost = field ? valuesLost(field.choices ?? [], choices, usage.data?.choices ?? {}) : 0
  const save = useMutation({
    mutationFn: (values: typeof form.values) => {
      const named = values.choices.filter((one) => one.name.trim() !== '')
      const body = {
        name: values.name,
        kind: values.kind,
        ...(values.kind === 'choice' && {
          choices: named.map(({ name, was }) => ({ name, ...(was && { was }) })),
        }),
      }
      return field ? updateField(field, body, lost) : createField(body, key)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: fieldKeys.all })
      onClose()
    },
    onError: (error) => setErrors(applyProblem(form, problemText(error))),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={field ? t('change.title', { name: field.name }) : t('add.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          {errors.some((one) => one.path !== 'name') && (
            <FormErrorSummary errors={errors} findInput={form.getInputNode} />
          )}
          <TextInput
            data-autofocus
            label={t('field.name')}
            description={t('field.nameHelp')}
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          <NativeSelect
            label={t('field.kind')}
            description={field ? t('field.kindStays') : t('field.kindHelp')}
            disabled={field !== undefined}
            data={kinds.map((one) => ({ value: one, label: t('kind', { context: one }) }))}
            {...form.getInputProps('kind')}
          />
          {kind === 'choice' && (
            <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
              <legend style={{ padding: 0, fontWeight: 500 }}>{t('field.choices')}</legend>
              <Stack gap="xs" mt="xs">
                {choices.map((one, index) => (
                  <Group key={one.key} gap="xs" wrap="nowrap">
                    <TextInput
                      style={{ flex: 1 }}
                      aria-label={t('field.choice', { number: index + 1 })}
                      autoComplete="off"
                      {...form.getInputProps(`choices.${index}.name`)}
                      error={form.errors[`choices.${index}`] ?? form.errors[`choices.${index}.name`]}
                    />
                    <CloseButton
                      size="lg"
                      aria-label={t('field.removeChoice', { name: one.name || index + 1 })}
                      onClick={() => form.removeListItem('choices', index)}
                    />
                  </Group>
                ))}
                <Group>
                  <Button
                    size="compact-md"
                    variant="default"
                    disabled={choices.length >= 50}
                    onClick={() => form.insertListItem('choices', newLine())}
                  >
                    {t('field.addChoice')}
                  </Button>
                </Group>
              </Stack>
            </fieldset>
          )}
          {lost > 0 && (
            <Alert color="yellow" role="status">
              {t('change.lost', { count: lost })}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} {...(lost > 0 && { color: 'red' })}>
              {field ? t('change.action') : t('add.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
