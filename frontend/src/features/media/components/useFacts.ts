import { useTranslation } from 'react-i18next'
import type { Asset } from '@/lib/assets'
import { formatDuration } from '@/lib/format'

/** What is known of a file beside its size: how long, how many pages, how many pixels; or where it stands. */
export function useFacts(): (file: Asset) => string {
  const { t } = useTranslation('media')
  return (file) => {
    if (file.state !== 'ready') return t('state', { context: file.stuck ? 'stuck' : file.state })
    return [
      t('kind', { context: file.kind }),
      file.duration_ms > 0 && formatDuration(file.duration_ms / 1000),
      file.width > 0 && file.kind === 'image' && `${file.width}×${file.height}`,
      file.pages > 0 && t('asset.pages', { count: file.pages }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}
