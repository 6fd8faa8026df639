import { useTranslation } from 'react-i18next'
import classes from './AuthFrame.module.css'

/** What makes a password good, said plainly. */
export function PasswordRules() {
  const { t } = useTranslation('auth')
  return (
    <ul className={classes.rules}>
      <li>{t('password.rule.length')}</li>
      <li>{t('password.rule.words')}</li>
      <li>{t('password.rule.avoid')}</li>
    </ul>
  )
}
