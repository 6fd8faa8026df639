import { useTranslation } from 'react-i18next'
import classes from './Import.module.css'

const steps = ['file', 'columns', 'preview', 'done'] as const

/** Where one is on the way from a file to the list. */
export function Steps({ at }: { at: number }) {
  const { t } = useTranslation('person_import')
  return (
    <ol className={classes.stepList} aria-label={t('steps')}>
      {steps.map((step, i) => (
        <li key={step} aria-current={i === at ? 'step' : undefined} data-past={i < at || undefined}>
          {i + 1}. {t('step', { context: step })}
        </li>
      ))}
    </ol>
  )
}
