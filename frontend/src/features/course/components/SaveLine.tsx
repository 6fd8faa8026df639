import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { formatDateTime } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import type { SaveState, Snapshot } from '../saving/lesson-saver'

const tones: Record<SaveState, Tone> = {
  saved: 'good',
  waiting: 'active',
  saving: 'active',
  kept: 'late',
  conflict: 'late',
  refused: 'bad',
}

/** Whether what is on the screen is at the server, in words; heard by screen readers when it changes. */
export function SaveLine({ now, onRetry }: { now: Snapshot; onRetry: () => void }) {
  const { t } = useTranslation('course')
  const sentence = useSentence()
  const trouble = now.state === 'kept' || now.state === 'refused'
  return (
    <Group gap="sm" role="status" aria-live="polite">
      <StatusBadge tone={tones[now.state]}>
        {t('save.state', { context: now.state })}
        {now.state === 'saved' && `（${formatDateTime(now.savedAt)}）`}
      </StatusBadge>
      {trouble && now.problem && (
        <span>{sentence(now.problem.fields?.[0]?.key ?? now.problem.key, now.problem.args)}</span>
      )}
      {now.state === 'kept' && (
        <Button size="compact-md" variant="subtle" onClick={onRetry}>
          {t('save.retry')}
        </Button>
      )}
    </Group>
  )
}
