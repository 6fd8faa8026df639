import { Alert, Button, Progress, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { assetQuery, retryAsset } from '@/lib/assets'
import { formatBytes, formatDuration } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'

/** What is known of an uploaded file: being looked at, refused with the reason, or its figures. */
export function AssetState({ id }: { id: string }) {
  const { t } = useTranslation('media')
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
  if (asset.stuck) return <Stuck id={id} name={asset.file_name} />
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

/** Looking at the file failed too often: what to do about it. */
function Stuck({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('media')
  const client = useQueryClient()
  const retry = useMutation({
    mutationFn: () => retryAsset(id),
    onSuccess: (asset) => client.setQueryData(assetQuery(id).queryKey, asset),
  })
  return (
    <Alert color="yellow" title={t('asset.stuck', { name })}>
      <p>{t('asset.stuckText')}</p>
      <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate()}>
        {t('asset.retry')}
      </Button>
    </Alert>
  )
}
