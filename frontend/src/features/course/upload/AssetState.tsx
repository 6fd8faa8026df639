import { Alert, Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatBytes, formatDuration } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import { assetQuery } from '../api/assets'

/** What is known of an uploaded file: being looked at, refused with the reason, or its figures. */
export function AssetState({ id }: { id: string }) {
  const { t } = useTranslation('course')
  const sentence = useSentence()
  const { data: asset, error, refetch } = useQuery(assetQuery(id))
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!asset) return <RowsSkeleton rows={1} />
  if (asset.state === 'refused')
    return (
      <Alert color="red" title={t('asset.refused', { name: asset.file_name })}>
        {sentence(asset.problem ?? 'unknown')}
      </Alert>
    )
  if (asset.state !== 'ready')
    return (
      <div>
        <Text role="status">{t('asset.processing', { name: asset.file_name })}</Text>
        <Progress
          value={(asset.done / Math.max(asset.size, 1)) * 100}
          size="lg"
          my="xs"
          animated
          aria-label={t('asset.processing', { name: asset.file_name })}
        />
      </div>
    )
  const facts = [
    asset.file_name,
    formatBytes(asset.size),
    asset.duration_ms > 0 && formatDuration(asset.duration_ms / 1000),
    asset.width > 0 && `${asset.width}×${asset.height}`,
    asset.pages > 0 && t('asset.pages', { count: asset.pages }),
  ]
  return <Text size="sm">{facts.filter(Boolean).join('　')}</Text>
}
