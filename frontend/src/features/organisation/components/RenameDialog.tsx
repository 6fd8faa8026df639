import { Alert, Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { type Organisation, type OrganisationChange, plans } from '../api/organisations'

interface RenameDialogProps {
  organisation: Organisation
  opened: boolean
  onClose: () => void
  onSave: (change: Omit<OrganisationChange, 'version'>) => Promise<void>
}

/** Name and plan; the code never changes. */
export function RenameDialog({ organisation, opened, onClose, onSave }: RenameDialogProps) {
  const { t } = useTranslation('organisation')
  const problemText = useProblem()
  const [name, setName] = useState(organisation.name)
  const [plan, setPlan] = useState(organisation.plan)
  const save = useMutation({ mutationFn: () => onSave({ name, plan }), onSuccess: onClose })
  const empty = name.trim() === ''
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('change.action')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!empty && !save.isPending) save.mutate()
        }}
      >
        <Stack>
          {save.isError && (
            <Alert color="red" role="alert">
              {problemText(save.error).sentence}
            </Alert>
          )}
          <TextInput
            data-autofocus
            required
            label={t('field.name')}
            maxLength={200}
            value={name}
            error={empty ? t('missing.name') : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('field.plan')}
            data={plans.map((one) => ({ value: one, label: t('plan', { context: one }) }))}
            value={plan}
            onChange={(event) => setPlan(plans.find((one) => one === event.currentTarget.value) ?? plan)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('change.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
