import { Button, CloseButton } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { type Round, type Rule, rulesQuery } from '../api/rounds'
import { AddPeople } from './AddPeople'
import { draftOf } from './audience'
import { RemoveRule } from './RemoveRule'
import classes from './RoundRules.module.css'
import { useRuleText } from './useRuleText'

/** How many rules are shown at first; single persons can be thousands. */
const shown = 30

/** Whom the round is for, rule by rule. */
export function RoundRules({ round, mayWrite }: { round: Round; mayWrite: boolean }) {
  const { t } = useTranslation('round')
  const [adding, setAdding] = useState(false)
  const [all, setAll] = useState(false)
  const [leaving, setLeaving] = useState<Rule>()
  const text = useRuleText()
  const query = useQuery(rulesQuery(round.id))
  const rules = query.data ?? []
  const open = mayWrite && round.state === 'open'
  return (
    <section aria-labelledby="rules-heading" className={classes.rules}>
      <h2 id="rules-heading">{t('rules.title')}</h2>
      <p className={classes.help}>{t('rules.text')}</p>
      {round.due_rule === 'turn' && <p>{t('recurrence.gathers')}</p>}
      {query.isPending && <RowsSkeleton rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.list}>
        {(all ? rules : rules.slice(0, shown)).map((rule) => (
          <li key={rule.id} className={classes.rule} data-excluded={rule.excluded || undefined}>
            <strong>{text(draftOf(rule))}</strong>
            {rule.future_joiners && !rule.excluded && (
              <span className={classes.future}>{t('rules.future')}</span>
            )}
            {open && (
              <CloseButton
                className="no-print"
                aria-label={t('rules.remove', { name: text(draftOf(rule)) })}
                onClick={() => setLeaving(rule)}
              />
            )}
          </li>
        ))}
      </ul>
      {!all && rules.length > shown && (
        <Button variant="subtle" onClick={() => setAll(true)}>
          {t('andMore', { count: rules.length - shown })}
        </Button>
      )}
      {round.follow_out && <p className={classes.help}>{t('followOut.on')}</p>}
      {open && (
        <Button
          variant="default"
          className="no-print"
          leftSection={<IconUserPlus size={18} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('rules.add')}
        </Button>
      )}
      {leaving && <RemoveRule round={round} rule={leaving} onClose={() => setLeaving(undefined)} />}
      {adding && <AddPeople round={round} onClose={() => setAdding(false)} />}
    </section>
  )
}
