import { useTranslation } from 'react-i18next'
import { formatDate, formatNumber } from '@/lib/format'
import type { Affected } from '../api/assignment'
import classes from './AudiencePreview.module.css'
import { draftOf } from './audience'
import { useRuleText } from './useRuleText'

interface AffectedWordsProps {
  affected: Affected | undefined
  /** The round is there already: what matters is who comes in and who goes. */
  inRound: boolean
}

const figures = ['inside', 'returning', 'aside', 'excluded', 'withdrawn', 'staying', 'without_email'] as const

/** What a change of rules does, in figures. */
export function AffectedWords({ affected, inRound }: AffectedWordsProps) {
  const { t } = useTranslation('round')
  const text = useRuleText()
  const main = affected && (inRound ? affected.joining + affected.returning : affected.total)
  return (
    <>
      <p className={classes.count}>
        {inRound ? t('preview.coming') : t('preview.now')}{' '}
        <strong>{main === undefined ? '…' : formatNumber(main)}</strong> {t('people', { count: main ?? 2 })}
      </p>
      {affected && (
        <ul className={classes.facts}>
          {figures
            .filter((one) => affected[one] > 0)
            .map((one) => (
              <li key={one}>{t('preview.fact', { context: one, count: affected[one] })}</li>
            ))}
          {affected.earlier > 0 && affected.earlier_due && (
            <li>
              {t('preview.earlier', { count: affected.earlier, day: formatDate(affected.earlier_due) })}
            </li>
          )}
        </ul>
      )}
      {affected && affected.rules.length > 1 && (
        <ul className={classes.byRule} aria-label={t('preview.byRule')}>
          {affected.rules.slice(0, 20).map(({ rule, people }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule that is not there yet has no id
            <li key={index}>
              <span>{text(draftOf(rule))}</span>
              <span>{t('preview.ruleCount', { count: people })}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
