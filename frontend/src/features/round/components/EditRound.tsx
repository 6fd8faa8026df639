import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { tell } from '@/lib/messages'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { type Round, type RoundChange, roundKeys, updateRound } from '../api/rounds'
import { DueFields } from './DueFields'
import classes from './EditRound.module.css'

/** Changes the title and the days of a round, closes it or opens it again. */
export function EditRound({ round, onClose }: { round: Round; onClose: () => void }) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const form = useForm({
    initialValues: {
      title: round.title,
      starts_on: round.starts_on,
      deadline_on: round.deadline_on,
      due: { rule: round.due_rule, days: round.due_days },
      follow_out: round.follow_out,
    },
    validate: { title: (value) => (value.trim() === '' ? t('missing_title') : null) },
  })
  const save = useMutation({
    mutationFn: (change: Omit<RoundChange, 'version'>) =>
      updateRound(round.id, { version: round.version, ...change }),
    onSuccess: () => {
      tell(t('edit.saved'))
      onClose()
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
    onError: (error) => setErrors(applyProblem(form, words(error))),
  })
  const other = round.state === 'open' ? 'closed' : 'open'
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('edit.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={form.onSubmit(
          ({ due, ...values }) =>
            save.mutate({ ...values, due_rule: due.rule, due_days: due.rule === 'fixed' ? 0 : due.days }),
          (found) => setErrors(linesOf(found)),
        )}
      >
        <Stack>
          <FormErrorSummary errors={errors} findInput={form.getInputNode} />
          <TextInput label={t('field.title')} maxLength={200} {...form.getInputProps('title')} />
          <TextInput type="date" label={t('field.starts')} {...form.getInputProps('starts_on')} />
          <TextInput
            type="date"
            label={t('field.deadline')}
            description={t('edit.deadlineHelp')}
            {...form.getInputProps('deadline_on')}
          />
          <DueFields due={form.values.due} onChange={(due) => form.setFieldValue('due', due)} />
          <Checkbox
            label={t('followOut.label')}
            description={t('followOut.help')}
            {...form.getInputProps('follow_out', { type: 'checkbox' })}
          />
          <Group justify="end">
            <Button type="submit" loading={save.isPending}>
              {t('edit.save')}
            </Button>
          </Group>
          <div className={classes.turn}>
            <p>{t('edit.turnHelp', { context: other })}</p>
            <Button variant="default" onClick={() => save.mutate({ state: other })}>
              {t('edit.turn', { context: other })}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}
