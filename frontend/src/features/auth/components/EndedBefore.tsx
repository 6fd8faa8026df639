import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Says to somebody who did not log out why they are asked to log in, and what to do when it was not them. */
export function EndedBefore() {
  const { t } = useTranslation('auth')
  return (
    <Alert mb="lg" role="note" title={t('endedBefore.title')}>
      {t('endedBefore.text')}
    </Alert>
  )
}
