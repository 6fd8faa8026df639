import { Alert, Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PackageFrame } from '@/components/package/PackageFrame'
import { RowsSkeleton } from '@/components/Skeletons'
import { AssetState } from '@/components/upload/AssetState'
import { assetQuery } from '@/lib/assets'
import type { PackageBody } from '../api/lessons'
import { previewPackage } from '../api/packages'

const forgotten = async () => undefined

/** The package as a learner runs it; nothing is recorded. It starts on demand: packages begin to speak at once. */
export function PackagePreview({ body, title }: { body: PackageBody; title: string }) {
  const { t } = useTranslation('course')
  const asset = body.asset ?? ''
  const file = useQuery({ ...assetQuery(asset), enabled: asset !== '' })
  const opening = useMutation({ mutationFn: () => previewPackage(asset) })
  if (!asset) return <p>{t('package.none')}</p>
  if (file.isLoadingError) return <ErrorState error={file.error} onRetry={() => void file.refetch()} />
  if (!file.data) return <RowsSkeleton rows={2} />
  if (file.data.state !== 'ready') return <AssetState id={asset} />
  if (opening.error) return <ErrorState error={opening.error} onRetry={() => opening.mutate()} />
  if (!opening.data)
    return (
      <Button
        leftSection={<IconPlayerPlay size={20} aria-hidden />}
        loading={opening.isPending}
        onClick={() => opening.mutate()}
      >
        {t('package.start')}
      </Button>
    )
  return (
    <>
      <Alert variant="light" mb="sm">
        {t('package.previewNote')}
      </Alert>
      <PackageFrame
        title={title}
        opened={{ ...opening.data, parameters: body.parameters ?? '' }}
        onReport={forgotten}
      />
    </>
  )
}
