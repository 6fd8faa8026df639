import { Alert } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import type { Effects } from '../api/departments'
import classes from './Tree.module.css'

/** What a change does: to people, to rounds, to rules; or why it cannot be done. */
export function EffectsView({ effects, steps }: { effects: Effects; steps?: boolean }) {
  const { t } = useTranslation('department')
  const sentence = useSentence()
  const problems = effects.problems ?? []
  if (problems.length > 0)
    return (
      <Alert color="red" role="alert" title={t('effects.problems')}>
        <ul className={classes.facts}>
          {problems.map((one) => (
            <li key={`${one.step} ${one.field} ${one.key}`}>
              {steps ? t('effects.step', { number: one.step + 1 }) : ''}
              {sentence(one.key, one.args)}
            </li>
          ))}
        </ul>
      </Alert>
    )
  const people = effects.people ?? []
  return (
    <div role="status">
      <ul className={classes.facts}>
        <li>
          {t('effects.people', {
            count: effects.people_total,
            formatted: formatNumber(effects.people_total),
          })}
        </li>
        {effects.departless > 0 && <li>{t('effects.departless', { count: effects.departless })}</li>}
        {effects.missing > 0 && <li>{t('effects.missing', { count: effects.missing })}</li>}
        {(effects.rounds ?? []).map((one) => (
          <li key={one.round_id + one.department}>
            <Link to="/rounds/$roundId" params={{ roundId: one.round_id }}>
              {one.title}
            </Link>
            {t('effects.round', { count: one.people, department: one.department })}
          </li>
        ))}
        {(effects.rules ?? []).map((one) => (
          <li key={one.round_id + one.department_id}>
            <Link to="/rounds/$roundId" params={{ roundId: one.round_id }}>
              {one.title}
            </Link>
            {t('effects.rule')}
          </li>
        ))}
      </ul>
      {people.length > 0 && (
        <details>
          <summary>{t('effects.who')}</summary>
          <ul className={classes.facts}>
            {people.map((one) => (
              <li key={one.id}>
                {t('effects.move', {
                  name: one.name,
                  from: one.ends?.join('、') || '—',
                  to: one.begins?.join('、') || '—',
                })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
