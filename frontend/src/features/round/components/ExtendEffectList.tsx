import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import classes from './ExtendDialog.module.css'
import type { ExtendEffect } from './useExtension'

/** What an extension would do, before it does: how many, and from which day to which. */
export function ExtendEffectList({ effect, all }: { effect: ExtendEffect; all: boolean }) {
  const { t } = useTranslation('round')
  return (
    <div aria-live="polite">
      <p className={classes.count}>{t('extend.moves', { count: effect.moving })}</p>
      {effect.staying > 0 && <p className={classes.note}>{t('extend.stays', { count: effect.staying })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the keyboard */}
      <ul className={classes.moves} tabIndex={0} aria-label={t('extend.list')}>
        {effect.lines.map((one) => (
          <li key={one.key}>
            <span>{one.label}</span>
            <span>
              <DateText value={one.from} /> → <DateText value={one.to} />
            </span>
          </li>
        ))}
      </ul>
      {all && effect.moving > 0 && <p className={classes.note}>{t('extend.allNote')}</p>}
    </div>
  )
}
