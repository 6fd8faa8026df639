import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Show and hide, by name and by keyboard, for a PasswordInput. */
export function usePasswordToggle() {
  const { t } = useTranslation('auth')
  const [visible, setVisible] = useState(false)
  return {
    visible,
    onVisibilityChange: setVisible,
    visibilityToggleButtonProps: {
      'aria-label': visible ? t('password.hide') : t('password.show'),
      'aria-pressed': visible,
      'aria-hidden': false,
      tabIndex: 0,
    },
  }
}
