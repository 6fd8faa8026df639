import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { type ExtendTarget, extend } from '../api/assignment'
import { type Round, roundKeys } from '../api/rounds'
import { ExtendEffectList } from './ExtendEffectList'
import { ReasonChips } from './ReasonChips'
import { useExtension } from './useExtension'

interface ExtendDialogProps {
  round: Round
  target: ExtendTarget
  onClose: () => void
  onDone: () => void
}

/** Gives people a later day of their own, with a reason, after showing whose day moves; chosen one by one it can be undone. */
export function ExtendDialog({ round, target, onClose, onDone }: ExtendDialogProps) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [errors, setErrors] = useState<FieldError[]>([])
  const form = useForm({
    initialValues: { due_on: '', reason: '' },
    validate: {
      due_on: (value) => (value < today() ? t('extend.dayMissing') : null),
      reason: (value) => (value.trim() === '' ? t('aside.reasonMissing') : null),
    },
  })
  const all = 'filter' in target
  const { shown, effect, problem, save: order } = useExtension(round.id, target, form.values.due_on)
  const refresh = () => client.invalidateQueries({ queryKey: roundKeys.all })
  const back = useMutation({
    mutationFn: (moved: string[]) => extend(round.id, moved, '', ''),
    onSuccess: () => {
      tell(t('extend.undone'))
      return refresh()
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  const again = new Set(all ? [] : target.people.filter((one) => one.extended_on).map((one) => one.id))
  const save = useMutation({
    mutationFn: () => order(form.values.reason),
    onSuccess: ({ count, ids }) => {
      const undo = ids.length > 0 && !ids.some((id) => again.has(id)) // an earlier extension would be lost
      tell(t('extend.done', { count }), {
        ...(undo && { undo: { label: t('undo'), run: () => back.mutate(ids) } }),
      })
      onDone()
      onClose()
      return refresh()
    },
    onError: (error) => {
      setErrors(applyProblem(form, words(error)))
      return refresh() // others may match by now, or some were moved before it broke off
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(all ? 'extend.all_title' : 'extend.title', { count: shown })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        noValidate
        onSubmit={form.onSubmit(
          () => save.mutate(),
          (found) => setErrors(linesOf(found)),
        )}
      >
        <Stack>
          <FormErrorSummary errors={errors} findInput={form.getInputNode} />
          <TextInput
            type="date"
            label={t('extend.day')}
            min={today()}
            data-autofocus
            {...form.getInputProps('due_on')}
          />
          <Textarea
            label={t('aside.reason')}
            description={t('extend.reasonHelp')}
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps('reason')}
          />
          <ReasonChips
            reasons="extend"
            value={form.values.reason}
            onChange={(reason) => form.setFieldValue('reason', reason)}
          />
          {effect && <ExtendEffectList effect={effect} all={all} />}
          {problem && (
            <Alert color="red" role="alert">
              {words(problem).sentence}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={effect?.moving === 0 || problem !== null}
            >
              {t('extend.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
