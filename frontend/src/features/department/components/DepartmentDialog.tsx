import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { applyProblem, type FieldError, useProblem } from '@/lib/problem-text'
import { createDepartment, type Department, departmentKeys, renameDepartment } from '../api/departments'

interface DepartmentDialogProps {
  /** The department to rename; none to add one. */
  department?: Department
  onClose: () => void
}

/** Adds or renames a department. */
export function DepartmentDialog({ department, onClose }: DepartmentDialogProps) {
  const { t } = useTranslation('department')
  const client = useQueryClient()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const [errors, setErrors] = useState<FieldError[]>([])
  const form = useForm({
    initialValues: { name: department?.name ?? '' },
    validate: { name: (value) => (value.trim() === '' ? t('missing') : null) },
  })
  const save = useMutation({
    mutationFn: ({ name }: { name: string }) =>
      department ? renameDepartment(department.id, name) : createDepartment(name, key),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: departmentKeys.all })
      onClose()
    },
    onError: (error) => setErrors(applyProblem(form, problemText(error))),
  })
  const title = department ? t('rename.title', { name: department.name }) : t('add.title')
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
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
            description={t('field.help')}
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {department ? t('rename.action') : t('add.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
