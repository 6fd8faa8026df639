import { useTranslation } from 'react-i18next'

/** Whom to ask. The system itself can reset nothing for somebody whom it does not know yet. */
export function LoginHelp() {
  const { t } = useTranslation('auth')
  return (
    <>
      <details>
        <summary>{t('login.help.title')}</summary>
        <p>{t('login.help.staff')}</p>
        <p>{t('login.help.manager')}</p>
        <p>{t('login.help.sheet')}</p>
      </details>
      <p>
        <a href="/accessibility">{t('login.help.accessibility')}</a>
      </p>
    </>
  )
}
