import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { formatDateTime } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import type { SaveState, Snapshot } from '../saving/lesson-saver'
import classes from './SaveLine.module.css'

const tones: Record<SaveState, Tone> = {
  saved: 'good',
  waiting: 'active',
  saving: 'active',
  kept: 'late',
  conflict: 'late',
  refused: 'bad',
}

/**
 * Whether what is on the screen is at the server, in words; heard by screen readers when it changes. What is wrong stands over the page, in sight wherever one
 * writes: whatever is said, no button moves under the hand.
 */
export function SaveLine({ now, onRetry }: { now: Snapshot; onRetry: () => void }) {
  const { t } = useTranslation('course')
  const sentence = useSentence()
  const trouble = now.state === 'kept' || now.state === 'refused'
  return (
    <div role="status" aria-live="polite" className={classes.line}>
      <StatusBadge tone={tones[now.state]}>
        {t('save.state', { context: now.state })}
        {now.state === 'saved' && t('common:bracketed', { text: formatDateTime(now.savedAt) })}
      </StatusBadge>
      {trouble && now.problem && (
        <div className={classes.trouble} data-save-trouble>
          <p className={classes.text}>
            <strong>{t('save.state', { context: now.state })}</strong>
            {sentence(now.problem.fields?.[0]?.key ?? now.problem.key, now.problem.args)}
          </p>
          {now.state === 'kept' && (
            <Button size="sm" onClick={onRetry}>
              {t('save.retry')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
