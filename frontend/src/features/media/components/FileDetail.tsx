import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconReplace, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { AssetState } from '@/components/upload/AssetState'
import { assetKeys, linkQuery } from '@/lib/assets'
import { formatBytes } from '@/lib/format'
import { tell } from '@/lib/messages'
import { usePermission } from '@/lib/session'
import type { ChangedCourse, MediaFile } from '../api/media'
import { DeleteFile } from './DeleteFile'
import classes from './Media.module.css'
import { Replaced, ReplaceFile } from './ReplaceFile'
import { UseList } from './UseList'
import { useFacts } from './useFacts'

interface FileDetailProps {
  file: MediaFile
  /** The file is no longer in the list: it was deleted or replaced. */
  onGone: () => void
}

/** One file: how it looks, where it is used, and what can be done with it. */
export function FileDetail({ file, onGone }: FileDetailProps) {
  const { t } = useTranslation('media')
  const client = useQueryClient()
  const facts = useFacts()
  const may = usePermission('asset:write')
  const [act, setAct] = useState<'replace' | 'delete'>()
  const [changed, setChanged] = useState<ChangedCourse[]>()
  const link = useQuery({
    ...linkQuery(file.id),
    enabled: file.state === 'ready' && file.kind !== 'package' && file.kind !== 'moodle',
  })
  const fresh = () => client.invalidateQueries({ queryKey: assetKeys.all })
  if (changed) return <Replaced courses={changed} onClose={onGone} />
  return (
    <Stack gap="lg">
      {file.state !== 'ready' && <AssetState id={file.id} />}
      {link.data && <Preview file={file} url={link.data.url} />}
      <Text size="sm">
        {[facts(file), formatBytes(file.size), file.uploaded_by].filter(Boolean).join(' · ')}
        {' · '}
        <DateText value={file.created_at} time />
      </Text>
      <UseList id={file.id} unusedSince={file.unused_since} />
      <Group gap="sm">
        {link.data && (
          <Button
            component="a"
            variant="default"
            href={link.data.url}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            {t('open')}
          </Button>
        )}
        {may && file.state === 'ready' && (
          <Button
            variant="default"
            leftSection={<IconReplace size={18} aria-hidden />}
            aria-expanded={act === 'replace'}
            onClick={() => setAct(act === 'replace' ? undefined : 'replace')}
          >
            {t('replace.action')}
          </Button>
        )}
        {may && (
          <Button
            variant="default"
            color="red"
            leftSection={<IconTrash size={18} aria-hidden />}
            aria-expanded={act === 'delete'}
            onClick={() => setAct(act === 'delete' ? undefined : 'delete')}
          >
            {t('delete.action')}
          </Button>
        )}
      </Group>
      {act === 'replace' && (
        <ReplaceFile
          file={file}
          onDone={async (courses) => {
            await fresh()
            setChanged(courses)
          }}
        />
      )}
      {act === 'delete' && (
        <DeleteFile
          file={file}
          onDone={async () => {
            tell(t('delete.done', { name: file.file_name }))
            await fresh()
            onGone()
          }}
        />
      )}
    </Stack>
  )
}

function Preview({ file, url }: { file: MediaFile; url: string }) {
  if (file.kind === 'image') return <img className={classes.preview} src={url} alt={file.file_name} />
  if (file.kind === 'video')
    return (
      // biome-ignore lint/a11y/useMediaCaption: the file alone; its captions belong to the lessons that show it
      <video className={classes.preview} src={url} controls preload="metadata" aria-label={file.file_name} />
    )
  if (file.kind === 'audio')
    // biome-ignore lint/a11y/useMediaCaption: the file alone; what is said belongs to the lessons that play it
    return <audio className={classes.preview} src={url} controls aria-label={file.file_name} />
  return (
    <Anchor href={url} target="_blank" rel="noreferrer">
      {file.file_name}
    </Anchor>
  )
}
