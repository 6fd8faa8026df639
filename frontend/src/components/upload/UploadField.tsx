import { Alert, Button, Group, Progress, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '@/components/FileDrop'
import { type Asset, type AssetKind, assetQuery } from '@/lib/assets'
import { formatBytes } from '@/lib/format'
import { percentOf } from '@/lib/percent'
import { useSentence } from '@/lib/problem-text'
import { isSame, unfinishedOf } from './unfinished'
import { Uploader, type UploadState } from './uploader'

const accepts: Record<AssetKind, string> = {
  video: 'video/mp4,.mp4,.m4v',
  audio: 'audio/mpeg,audio/mp4,audio/ogg,.mp3,.m4a,.ogg,.opus',
  pdf: 'application/pdf,.pdf',
  image: 'image/png,image/jpeg,image/gif,image/webp',
  captions: '.vtt,.srt',
  package: 'application/zip,.zip',
  moodle: '.mbz',
}

interface UploadFieldProps {
  kind: AssetKind
  label: string
  /** Where the file is wanted: an unfinished upload is found again by it. */
  slot: string
  /** The file is whole and of the right type; it may still be looked at. */
  onDone: (asset: Asset) => void
}

/** Chooses a file and sends it with progress. An upload that broke off goes on when the same file is chosen again. */
export function UploadField({ kind, label, slot, onDone }: UploadFieldProps) {
  const { t } = useTranslation('media')
  const sentence = useSentence()
  const queries = useQueryClient()
  const uploader = useRef<Uploader>(undefined)
  const [state, setState] = useState<UploadState>()
  const unfinished = unfinishedOf(slot)
  useEffect(() => () => uploader.current?.pause(), [])
  // An upload takes a while, and the lesson is edited meanwhile: its end is told to the field as it is then.
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  })

  const finished = (asset: Asset) => {
    queries.setQueryData(assetQuery(asset.id).queryKey, asset)
    if (asset.state !== 'refused') done.current(asset)
  }
  const begin = async (file: File) => {
    const again = unfinished && (await isSame(file, unfinished)) ? unfinished.upload : undefined
    const tell = (next: UploadState) => {
      setState(next)
      if (next.phase === 'done' && next.asset) finished(next.asset)
    }
    uploader.current = new Uploader(kind, file, slot, tell, again)
    await uploader.current.run()
  }
  const cancel = () => {
    uploader.current?.cancel()
    setState(undefined)
  }

  const refusal = state?.asset?.problem ?? state?.problem?.key
  if (!state || state.phase === 'failed' || state.phase === 'done') {
    return (
      <>
        {unfinished && !state && (
          <Alert color="yellow" mb="sm" title={t('upload.unfinished')}>
            {t('upload.again', { name: unfinished.name, size: formatBytes(unfinished.size) })}
          </Alert>
        )}
        <FileDrop
          label={label}
          help={t('upload.help', { context: kind })}
          accept={accepts[kind]}
          onFiles={([file]) => file && void begin(file)}
          {...(refusal && { error: sentence(refusal, state?.problem?.args) })}
        />
      </>
    )
  }
  return (
    <Sending
      state={state}
      onPause={() => uploader.current?.pause()}
      onGo={() => void uploader.current?.run()}
      onCancel={cancel}
    />
  )
}

interface SendingProps {
  state: UploadState
  onPause: () => void
  onGo: () => void
  onCancel: () => void
}

function Sending({ state, onPause, onGo, onCancel }: SendingProps) {
  const { t } = useTranslation('media')
  const sentence = useSentence()
  const percent = percentOf(state.sent, state.size)
  const paused = state.phase === 'paused'
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text fw={600} role="status">
          {t('upload.phase', { context: state.phase })}
        </Text>
        <Text size="sm">
          {t('upload.share', { sent: formatBytes(state.sent), size: formatBytes(state.size), percent })}
        </Text>
      </Group>
      <Progress value={percent} size="lg" my="xs" aria-label={t('upload.progress')} />
      {state.problem && (
        <Text size="sm" c="red" role="alert" mb="xs">
          {sentence(state.problem.key, state.problem.args)}
        </Text>
      )}
      <Group gap="xs">
        {paused ? (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlayerPlay size={18} aria-hidden />}
            onClick={onGo}
          >
            {t('upload.resume')}
          </Button>
        ) : (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlayerPause size={18} aria-hidden />}
            disabled={state.phase === 'finishing'}
            onClick={onPause}
          >
            {t('upload.pause')}
          </Button>
        )}
        <Button size="sm" variant="subtle" onClick={onCancel}>
          {t('upload.cancel')}
        </Button>
      </Group>
    </div>
  )
}
