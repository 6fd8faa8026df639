import { useTranslation } from 'react-i18next'
import { languages } from '@/lib/language'
import classes from './Switches.module.css'

/** The languages by their own names; the chosen one is pressed. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation('common')
  const names = { ja: t('language.ja'), en: t('language.en') }
  return (
    <fieldset className={classes.segments} aria-label={t('language.label')}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={classes.segment}
          aria-pressed={i18n.language === language}
          onClick={() => i18n.changeLanguage(language)}
        >
          {names[language]}
        </button>
      ))}
    </fieldset>
  )
}
