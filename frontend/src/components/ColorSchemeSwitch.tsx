import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Switches.module.css'

const schemes: MantineColorScheme[] = ['light', 'dark', 'auto']

/** Light, dark, or as the device is set. */
export function ColorSchemeSwitch() {
  const { t } = useTranslation('common')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const names = { light: t('scheme.light'), dark: t('scheme.dark'), auto: t('scheme.auto') }
  return (
    <fieldset className={classes.segments} aria-label={t('scheme.label')}>
      {schemes.map((scheme) => (
        <button
          key={scheme}
          type="button"
          className={classes.segment}
          aria-pressed={colorScheme === scheme}
          onClick={() => setColorScheme(scheme)}
        >
          {names[scheme]}
        </button>
      ))}
    </fieldset>
  )
}
