import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { type Department, deleteDepartment, departmentKeys } from '../api/departments'

/** Deletes a department nobody ever belonged to; says why others stay. */
export function DeleteDialog({ department, onClose }: { department: Department; onClose: () => void }) {
  const { t } = useTranslation('department')
  const client = useQueryClient()
  const problemText = useProblem()
  const remove = useMutation({
    mutationFn: () => deleteDepartment(department.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: departmentKeys.all })
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('remove.title', { name: department.name })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <p style={{ margin: 0 }}>
          {department.deletable
            ? t('remove.text')
            : department.members > 0
              ? t('remove.members', { count: department.members })
              : t('remove.history')}
        </p>
        {remove.isError && (
          <Alert color="red" role="alert">
            {problemText(remove.error).sentence}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {department.deletable ? t('common:action.cancel') : t('common:action.close')}
          </Button>
          {department.deletable && (
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('remove.action')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
