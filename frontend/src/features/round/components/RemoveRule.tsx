import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Probe, probeQuery, removeRule, restoreRule } from '../api/assignment'
import { type Round, type Rule, roundKeys } from '../api/rounds'
import { AffectedPeople } from './AffectedPeople'
import { AffectedWords } from './AffectedWords'
import classes from './AudiencePreview.module.css'
import { draftOf } from './audience'
import { useRuleText } from './useRuleText'

/** Takes a rule off a round, after showing whom it concerns; can be undone. */
export function RemoveRule({ round, rule, onClose }: { round: Round; rule: Rule; onClose: () => void }) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const text = useRuleText()
  const id = rule.id ?? ''
  const probe: Probe = { round: round.id, change: { remove: [id] } }
  const { data } = useQuery(probeQuery(probe))
  const refresh = () => client.invalidateQueries({ queryKey: roundKeys.all })
  const wrong = (error: Error) => tell(words(error).sentence, { tone: 'bad' })
  const back = useMutation({
    mutationFn: () => restoreRule(round.id, id),
    onSuccess: () => {
      tell(t('rules.restored'))
      return refresh()
    },
    onError: wrong,
  })
  const remove = useMutation({
    mutationFn: () => removeRule(round.id, id),
    onSuccess: ({ withdrawn }) => {
      tell(t('rules.removed', { count: withdrawn }), { undo: { label: t('undo'), run: () => back.mutate() } })
      return refresh()
    },
    onError: wrong,
    onSettled: onClose,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('rules.remove', { name: text(draftOf(rule)) })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <p style={{ margin: 0 }}>{t(rule.excluded ? 'rules.removeExceptText' : 'rules.removeText')}</p>
        <div className={classes.preview} aria-live="polite">
          <AffectedWords affected={data} inRound />
          {data && <AffectedPeople probe={probe} affected={data} />}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('rules.removeAction')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
