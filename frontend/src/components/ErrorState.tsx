import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { Copyable } from './Copyable'
import classes from './States.module.css'

interface ErrorStateProps {
  error: unknown
  /** Tries again; without it there is only the advice. */
  onRetry?: () => void
  /** What was kept, where something was at stake. */
  kept?: string
  /** True where the error is the whole page. */
  page?: boolean
}

/** Something could not be shown: what happened, what was kept, what to do now, and the number to tell the help desk. */
export function ErrorState({ error, onRetry, kept, page }: ErrorStateProps) {
  const { t } = useTranslation('common')
  const { problem, sentence } = useProblem()(error)
  const Icon = problem.key === 'network' ? IconCloudOff : IconAlertTriangle
  const Heading = page ? 'h1' : 'h2'
  return (
    <div className={classes.state} role="alert">
      <span className={classes.mark} data-tone="error">
        <Icon size={28} stroke={1.5} aria-hidden />
      </span>
      <Heading className={classes.title}>{t('errorState.title')}</Heading>
      <div className={classes.text}>
        <p>{sentence}</p>
        {kept && <p>{kept}</p>}
      </div>
      {onRetry && (
        <div className={classes.actions}>
          <Button onClick={onRetry}>{t('errorState.retry')}</Button>
        </div>
      )}
      {problem.request_id && (
        <div className={classes.number}>
          <span>{t('errorState.number')}</span>
          <Copyable value={problem.request_id} />
        </div>
      )}
    </div>
  )
}
