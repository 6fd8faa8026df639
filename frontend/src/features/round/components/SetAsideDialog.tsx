import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { type Enrolment, type Round, roundKeys, setAside } from '../api/rounds'
import { ReasonChips } from './ReasonChips'
import { useReinstate } from './useReinstate'

interface SetAsideDialogProps {
  round: Round
  people: Enrolment[]
  onClose: () => void
  onDone: () => void
}

/** Makes people exempt, or withdraws them, with a reason that auditors will read. Can be undone. */
export function SetAsideDialog({ round, people, onClose, onDone }: SetAsideDialogProps) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const back = useReinstate(round.id, () => undefined)
  const form = useForm({
    initialValues: { status: 'exempt' as 'exempt' | 'withdrawn', reason: '', until: '' },
    validate: { reason: (value) => (value.trim() === '' ? t('aside.reasonMissing') : null) },
  })
  const ids = people.map((one) => one.id)
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      setAside(round.id, {
        ids,
        status: values.status,
        reason: values.reason,
        ...(values.status === 'exempt' && values.until && { until: values.until }),
      }),
    onSuccess: () => {
      tell(t('aside.done', { count: ids.length }), {
        undo: { label: t('undo'), run: () => back.mutate(ids) },
      })
      onDone()
      onClose()
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
    onError: (error) => setErrors(applyProblem(form, words(error))),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('aside.title', { count: ids.length })}
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
          <p style={{ margin: 0 }}>
            {people
              .slice(0, 5)
              .map((one) => one.person.name)
              .join(t('separator'))}
            {people.length > 5 && t('andMore', { count: people.length - 5 })}
          </p>
          <Radio.Group label={t('aside.how')} {...form.getInputProps('status')}>
            <Stack gap="xs" mt="xs">
              <Radio value="exempt" label={t('aside.exempt')} description={t('aside.exemptHelp')} />
              <Radio value="withdrawn" label={t('aside.withdrawn')} description={t('aside.withdrawnHelp')} />
            </Stack>
          </Radio.Group>
          {form.values.status === 'exempt' && (
            <ReasonChips
              reasons="exempt"
              value={form.values.reason}
              onChange={(reason) => form.setFieldValue('reason', reason)}
            />
          )}
          <Textarea
            label={t('aside.reason')}
            description={t('aside.reasonHelp')}
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps('reason')}
          />
          {form.values.status === 'exempt' && (
            <TextInput
              type="date"
              label={t('aside.until')}
              description={t('aside.untilHelp')}
              min={today()}
              {...form.getInputProps('until')}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('aside.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
