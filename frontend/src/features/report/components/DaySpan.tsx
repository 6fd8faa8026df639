import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './ReportFilters.module.css'

interface DaySpanProps {
  label: string
  from: string | undefined
  to: string | undefined
  onChange: (from: string | undefined, to: string | undefined) => void
}

/** Two days, both included; either may be left out. */
export function DaySpan({ label, from, to, onChange }: DaySpanProps) {
  const { t } = useTranslation('report')
  return (
    <fieldset className={classes.span}>
      <legend>{label}</legend>
      <TextInput
        type="date"
        aria-label={t('filter.from', { label })}
        value={from ?? ''}
        {...(to && { max: to })}
        onChange={(event) => onChange(event.currentTarget.value || undefined, to)}
      />
      <span>{t('filter.to')}</span>
      <TextInput
        type="date"
        aria-label={t('filter.until', { label })}
        value={to ?? ''}
        {...(from && { min: from })}
        onChange={(event) => onChange(from, event.currentTarget.value || undefined)}
      />
    </fieldset>
  )
}
