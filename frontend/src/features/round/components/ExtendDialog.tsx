import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { applyProblem, type FieldError, linesOf, useProblem } from '@/lib/problem-text'
import { extend, extendQuery } from '../api/assignment'
import { type Enrolment, type Round, roundKeys } from '../api/rounds'
import classes from './ExtendDialog.module.css'
import { ReasonChips } from './ReasonChips'

interface ExtendDialogProps {
  round: Round
  people: Enrolment[]
  onClose: () => void
  onDone: () => void
}

/** Gives people a later day of their own, with a reason, after showing whose day moves; can be undone. */
export function ExtendDialog({ round, people, onClose, onDone }: ExtendDialogProps) {
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
  const ids = people.map((one) => one.id)
  const day = form.values.due_on
  const { data: moves } = useQuery({ ...extendQuery(round.id, ids, day), enabled: day >= today() })
  const moving = moves?.filter((one) => one.from !== one.to) ?? []
  const refresh = () => client.invalidateQueries({ queryKey: roundKeys.all })
  const back = useMutation({
    mutationFn: (moved: string[]) => extend(round.id, moved, '', ''),
    onSuccess: () => {
      tell(t('extend.undone'))
      return refresh()
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  const again = new Set(people.filter((one) => one.extended_on).map((one) => one.id))
  const save = useMutation({
    mutationFn: () => extend(round.id, ids, form.values.due_on, form.values.reason),
    onSuccess: (moved) => {
      const undo = moved.length > 0 && !moved.some((one) => again.has(one.id)) // an earlier extension would be lost
      tell(t('extend.done', { count: moved.length }), {
        ...(undo && { undo: { label: t('undo'), run: () => back.mutate(moved.map((one) => one.id)) } }),
      })
      onDone()
      onClose()
      return refresh()
    },
    onError: (error) => setErrors(applyProblem(form, words(error))),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('extend.title', { count: ids.length })}
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
          <TextInput type="date" label={t('extend.day')} min={today()} {...form.getInputProps('due_on')} />
          <ReasonChips
            reasons="extend"
            value={form.values.reason}
            onChange={(reason) => form.setFieldValue('reason', reason)}
          />
          <Textarea
            label={t('aside.reason')}
            description={t('extend.reasonHelp')}
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps('reason')}
          />
          {moves && (
            <div aria-live="polite">
              <p className={classes.count}>{t('extend.moves', { count: moving.length })}</p>
              {moves.length > moving.length && (
                <p className={classes.note}>{t('extend.stays', { count: moves.length - moving.length })}</p>
              )}
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the keyboard */}
              <ul className={classes.moves} tabIndex={0} aria-label={t('extend.list')}>
                {moving.map((one) => (
                  <li key={one.id}>
                    <span>{one.name}</span>
                    <span>
                      <DateText value={one.from} /> → <DateText value={one.to} />
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={moves !== undefined && moving.length === 0}
            >
              {t('extend.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
