import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FileState } from '@/lib/useTrying'

/** Says that a file cannot be fetched on, and what happens now. */
export function FileNote({ state, onAgain }: { state: FileState; onAgain: () => void }) {
  const { t } = useTranslation('player')
  if (state === 'fine') return null
  return (
    <div role="alert">
      <p>{t(state === 'waiting' ? 'file.waiting' : 'file.lost')}</p>
      {state === 'lost' && (
        <Button size="lg" onClick={onAgain}>
          {t('file.again')}
        </Button>
      )}
    </div>
  )
}
