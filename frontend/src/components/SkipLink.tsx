import { useTranslation } from 'react-i18next'
import classes from './SkipLink.module.css'

/** The first stop of the keyboard: past header and menu. */
export function SkipLink({ to }: { to: string }) {
  const { t } = useTranslation('common')
  return (
    <button type="button" className={classes.skip} onClick={() => document.getElementById(to)?.focus()}>
      {t('skip')}
    </button>
  )
}
