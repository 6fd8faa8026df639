import { useTranslation } from 'react-i18next'
import type { Figures } from '../api/dashboard'
import classes from './FigureBar.module.css'

/** Completed, under way, not started and not passed as one bar; the words say the same. */
export function FigureBar({ figures }: { figures: Figures }) {
  const { t } = useTranslation('dashboard')
  const parts = [
    { name: 'completed', n: figures.completed },
    { name: 'failed', n: figures.failed },
    { name: 'in_progress', n: figures.in_progress },
    { name: 'not_started', n: figures.not_started },
  ].filter((part) => part.n > 0)
  const words = parts.map(({ name, n }) => `${t('status', { context: name })} ${n}`).join(t('separator'))
  return (
    <div className={classes.bar} role="img" aria-label={words || t('nobody')} title={words}>
      {parts.map(({ name, n }) => (
        <span key={name} data-part={name} style={{ flexGrow: n }} />
      ))}
    </div>
  )
}
