import { useTranslation } from 'react-i18next'
import { rememberedCode } from '../api/login'
import classes from './RememberDevice.module.css'

/** Whether this device keeps the organisation's code. The browser's own box: the first load carries no other one. */
export function RememberDevice() {
  const { t } = useTranslation('auth')
  return (
    <div className={classes.row}>
      <input
        id="remember-device"
        type="checkbox"
        name="remember_device"
        className={classes.box}
        defaultChecked={rememberedCode() !== ''}
        aria-describedby="remember-device-help"
      />
      <div>
        <label htmlFor="remember-device">{t('login.remember')}</label>
        <p id="remember-device-help" className={classes.help}>
          {t('login.rememberHelp')}
        </p>
      </div>
    </div>
  )
}
