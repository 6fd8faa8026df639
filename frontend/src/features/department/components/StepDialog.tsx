import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  changeDepartments,
  type Department,
  departmentKeys,
  previewQuery,
  type Step,
} from '../api/departments'
import { EffectsView } from './EffectsView'
import { isComplete, StepFields } from './StepFields'

interface StepDialogProps {
  /** Where to begin. */
  step: Step
  departments: Department[]
  title: string
  onClose: () => void
}

/** One change of the tree, done today: what it needs, what it would do, and the act. */
export function StepDialog({ step: first, departments, title, onClose }: StepDialogProps) {
  const { t } = useTranslation('department')
  const client = useQueryClient()
  const problemText = useProblem()
  const [step, setStep] = useState(first)
  const [asked] = useDebouncedValue(step, 300)
  const preview = useQuery({ ...previewQuery([asked]), enabled: isComplete(asked) })
  const change = useMutation({
    mutationFn: () => changeDepartments([step]),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: departmentKeys.all })
      await client.invalidateQueries({ queryKey: ['people'] })
      tell(t('step.done'))
      onClose()
    },
  })
  const wrong = change.error ? problemText(change.error) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete(step)) change.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <StepFields step={step} onChange={setStep} departments={departments} />
          {isComplete(step) && preview.data && <EffectsView effects={preview.data} />}
          {isComplete(step) && preview.isError && (
            <Alert color="red" role="alert">
              {problemText(preview.error).fields[0]?.message ?? problemText(preview.error).sentence}
            </Alert>
          )}
          {wrong && (
            <Alert color="red" role="alert">
              {wrong.fields[0]?.message ?? wrong.sentence}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button
              type="submit"
              color={step.kind === 'close' ? 'red' : undefined}
              disabled={!isComplete(step) || (preview.data?.problems ?? []).length > 0}
              loading={change.isPending}
            >
              {t('act', { context: step.kind })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
