import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import { assetQuery } from '@/lib/assets'
import type { Body, PackageBody } from '../api/lessons'
import { packageQuery } from '../api/packages'
import { PackageFound } from './PackageFound'

interface PackageEditorProps {
  lesson: string
  body: PackageBody
  onChange: (patch: { body: Body }) => void
}

/** A package lesson: the file, what was found in it, and what makes the lesson done. */
export function PackageEditor({ lesson, body, onChange }: PackageEditorProps) {
  const { t } = useTranslation('course')
  const [replacing, setReplacing] = useState(false)
  const change = (patch: Partial<PackageBody>) => onChange({ body: { package: { ...body, ...patch } } })
  return (
    <Stack gap="md">
      {body.asset && (
        <>
          <AssetState id={body.asset} />
          <Found asset={body.asset} />
          <Group>
            <Button size="sm" variant="default" onClick={() => setReplacing(!replacing)}>
              {t('package.replace')}
            </Button>
          </Group>
        </>
      )}
      {(!body.asset || replacing) && (
        <UploadField
          kind="package"
          label={t('package.choose')}
          slot={`${lesson} package`}
          onDone={(asset) => {
            setReplacing(false)
            change({ asset: asset.id, activities: [] })
          }}
        />
      )}
      <Radio.Group
        label={t('package.complete')}
        description={t('package.completeHelp')}
        value={body.complete}
        onChange={(value) => change({ complete: value === 'passed' ? 'passed' : 'completed' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="completed" label={t('package.complete_completed')} />
          <Radio value="passed" label={t('package.complete_passed')} />
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('package.parameters')}
        description={t('package.parametersHelp')}
        placeholder="lang=ja"
        maxLength={500}
        value={body.parameters ?? ''}
        onChange={(event) => change({ parameters: event.currentTarget.value })}
      />
    </Stack>
  )
}

/** What was found, once the file is unpacked. */
function Found({ asset }: { asset: string }) {
  const file = useQuery(assetQuery(asset))
  const ready = file.data?.state === 'ready'
  const found = useQuery({ ...packageQuery(asset), enabled: ready })
  if (!ready) return null
  if (found.isLoadingError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <RowsSkeleton rows={3} />
  return <PackageFound found={found.data} />
}
