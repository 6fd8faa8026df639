import { Button, CloseButton, Group, Modal, Stack } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Round, type Rule, removeRule, roundKeys, rulesQuery } from '../api/rounds'
import { AddPeople } from './AddPeople'
import classes from './RoundRules.module.css'

/** Whom the round is for, rule by rule. */
export function RoundRules({ round, mayWrite }: { round: Round; mayWrite: boolean }) {
  const { t } = useTranslation(['round', 'common'])
  const client = useQueryClient()
  const words = useProblem()
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Rule>()
  const query = useQuery(rulesQuery(round.id))
  const remove = useMutation({
    mutationFn: (rule: Rule) => removeRule(round.id, rule.id),
    onSuccess: ({ count }) => {
      tell(t('rules.removed', { count }))
      return client.invalidateQueries({ queryKey: roundKeys.all })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
    onSettled: () => setLeaving(undefined),
  })
  const name = (rule: Rule) => (rule.kind === 'everyone' ? t('audience.everyone') : rule.target_name)
  return (
    <section aria-labelledby="rules-heading" className={classes.rules}>
      <h2 id="rules-heading">{t('rules.title')}</h2>
      <p className={classes.help}>{t('rules.text')}</p>
      {query.isPending && <RowsSkeleton rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.list}>
        {query.data?.map((rule) => (
          <li key={rule.id} className={classes.rule}>
            <span className={classes.kind}>{t('rules', { context: rule.kind })}</span>
            {rule.kind !== 'everyone' && <strong>{rule.target_name}</strong>}
            {rule.future_joiners && <span className={classes.future}>{t('rules.future')}</span>}
            {mayWrite && round.state === 'open' && (
              <CloseButton
                className="no-print"
                aria-label={t('rules.remove', { name: name(rule) })}
                onClick={() => setLeaving(rule)}
              />
            )}
          </li>
        ))}
      </ul>
      {mayWrite && round.state === 'open' && (
        <Button
          variant="default"
          className="no-print"
          leftSection={<IconUserPlus size={18} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('rules.add')}
        </Button>
      )}
      {leaving && (
        <Modal
          opened
          onClose={() => setLeaving(undefined)}
          title={t('rules.remove', { name: name(leaving) })}
          closeButtonProps={{ 'aria-label': t('common:action.close') }}
        >
          <Stack>
            <p style={{ margin: 0 }}>{t('rules.removeText')}</p>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setLeaving(undefined)}>
                {t('common:action.cancel')}
              </Button>
              <Button loading={remove.isPending} onClick={() => remove.mutate(leaving)}>
                {t('rules.removeAction')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
      {adding && <AddPeople round={round} onClose={() => setAdding(false)} />}
    </section>
  )
}
