import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { tell } from '@/lib/messages'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import type { ReportSearch } from '@/lib/report-search'
import { createView, reportKeys, type SavedView, viewOf } from '../api/report'

interface SaveViewDialogProps {
  search: ReportSearch
  columns: string[]
  onClose: () => void
  onSaved: (view: SavedView) => void
}

/** Keeps what is on the screen under a name. */
export function SaveViewDialog({ search, columns, onClose, onSaved }: SaveViewDialogProps) {
  const { t } = useTranslation(['report', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const { key, renew } = useIdempotencyKey()
  const [errors, setErrors] = useState<FieldError[]>([])
  const form = useForm({
    initialValues: { name: '', shared: false },
    validate: { name: (value) => (value.trim() === '' ? t('view.nameMissing') : null) },
  })
  const save = useMutation({
    mutationFn: (values: typeof form.values) => createView({ ...values, view: viewOf(search, columns) }, key),
    onSuccess: async (view) => {
      tell(t('view.saved', { name: view.name }))
      await client.invalidateQueries({ queryKey: reportKeys.views })
      onSaved(view)
      onClose()
    },
    onError: (error) => {
      renew()
      setErrors(applyProblem(form, words(error)))
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('view.save')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={form.onSubmit(
          (values) => save.mutate(values),
          (found) => setErrors(linesOf(found)),
        )}
      >
        <Stack>
          <FormErrorSummary errors={errors} findInput={form.getInputNode} />
          <TextInput
            label={t('view.name')}
            description={t('view.nameHelp')}
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Checkbox
            label={t('view.shared')}
            description={t('view.sharedHelp')}
            {...form.getInputProps('shared', { type: 'checkbox' })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('view.saveAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
