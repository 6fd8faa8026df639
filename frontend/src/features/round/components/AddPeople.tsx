import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { addRules } from '../api/assignment'
import { type Round, roundKeys } from '../api/rounds'
import { AudienceFields } from './AudienceFields'
import { type AudienceDraft, audienceOf, nobody } from './audience'

/** Changes whom an open round is for: more people in, or some kept out. */
export function AddPeople({ round, onClose }: { round: Round; onClose: () => void }) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [draft, setDraft] = useState<AudienceDraft>(nobody)
  const add = useMutation({
    mutationFn: () => addRules(round.id, audienceOf(draft)),
    onSuccess: ({ added, withdrawn }) => {
      tell(
        [t('rules.added', { count: added }), withdrawn > 0 && t('rules.withdrawn', { count: withdrawn })]
          .filter(Boolean)
          .join(' '),
      )
      onClose()
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
  })
  const problem = add.error ? words(add.error) : undefined
  const lines = problem ? [{ path: '', message: problem.fields[0]?.message ?? problem.sentence }] : []
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('rules.add')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <FormErrorSummary errors={lines} findInput={() => null} />
        <AudienceFields draft={draft} onChange={setDraft} round={round.id} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button disabled={draft.rules.length === 0} loading={add.isPending} onClick={() => add.mutate()}>
            {t('rules.save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
