import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { type Plan, plansQuery } from '../api/departments'
import classes from './Tree.module.css'

const tones: Record<Plan['state'], Tone> = {
  draft: 'idle',
  active: 'active',
  applied: 'good',
  failed: 'bad',
  cancelled: 'out',
}

/** A plan's state in a word. */
export function PlanState({ plan }: { plan: Plan }) {
  const { t } = useTranslation('department')
  return <StatusBadge tone={tones[plan.state]}>{t('plan.state', { context: plan.state })}</StatusBadge>
}

/** Reorganisations entered in advance, the next first; those that are done are folded away. */
export function PlanList() {
  const { t } = useTranslation('department')
  const plans = useQuery(plansQuery).data ?? []
  const open = plans.filter((one) => one.state !== 'applied' && one.state !== 'cancelled').reverse()
  const past = plans.filter((one) => one.state === 'applied' || one.state === 'cancelled')
  if (plans.length === 0) return null
  return (
    <section aria-labelledby="plans-heading">
      <h2 id="plans-heading">{t('plan.list')}</h2>
      {open.length > 0 && <PlanLines plans={open} />}
      {past.length > 0 && (
        <details>
          <summary>{t('plan.past', { count: past.length })}</summary>
          <PlanLines plans={past} />
        </details>
      )}
    </section>
  )
}

function PlanLines({ plans }: { plans: Plan[] }) {
  const { t } = useTranslation('department')
  return (
    <ol className={classes.line}>
      {plans.map((plan) => (
        <li key={plan.id}>
          <DateText value={plan.effective_on} />
          <span className={classes.grow}>
            <Link to="/departments/plans/$planId" params={{ planId: plan.id }}>
              {plan.title}
            </Link>{' '}
            {t('plan.steps', { count: plan.steps?.length ?? 0 })}
          </span>
          <PlanState plan={plan} />
        </li>
      ))}
    </ol>
  )
}
