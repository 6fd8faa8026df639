import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { steps } from './draft'
import classes from './StepList.module.css'

/** Where one is in the wizard; steps that are done can be gone back to. */
export function StepList({ current, onBack }: { current: number; onBack: (step: number) => void }) {
  const { t } = useTranslation('round')
  return (
    <ol className={classes.steps} aria-label={t('wizard.steps')}>
      {steps.map((step, index) => (
        <li key={step} data-done={index < current} aria-current={index === current ? 'step' : undefined}>
          <span className={classes.mark}>
            {index < current ? <IconCheck size={16} aria-hidden /> : index + 1}
          </span>
          {index < current ? (
            <button type="button" onClick={() => onBack(index)}>
              {t('wizard.short', { context: step })}
            </button>
          ) : (
            <span>{t('wizard.short', { context: step })}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
