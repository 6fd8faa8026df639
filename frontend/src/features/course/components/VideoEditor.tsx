import { ActionIcon, Button, Group, Stack, Switch, TextInput } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import type { Body, Caption, VideoBody } from '../api/lessons'
import { VideoPreview } from './VideoPreview'

const CaptionsEditor = lazy(() => import('./CaptionsEditor').then((one) => ({ default: one.CaptionsEditor })))

interface VideoEditorProps {
  lesson: string
  /** An audio lesson is the same without a picture. */
  kind: 'video' | 'audio'
  video: VideoBody
  onChange: (patch: { body: Body }) => void
}

/** A video lesson: the file, its captions, and what learners may do while it plays. */
export function VideoEditor({ lesson, kind, video, onChange }: VideoEditorProps) {
  const { t } = useTranslation('course')
  const [replacing, setReplacing] = useState(false)
  const set = (patch: Partial<VideoBody>) => onChange({ body: { [kind]: { ...video, ...patch } } })
  return (
    <Stack gap="lg">
      <section aria-label={t('kind', { context: kind })}>
        {video.asset && (
          <Stack gap="sm">
            <AssetState id={video.asset} />
            <VideoPreview video={video} sound={kind === 'audio'} />
            <Group>
              <Button size="sm" variant="default" onClick={() => setReplacing(!replacing)}>
                {t('video.replace', { context: kind })}
              </Button>
            </Group>
          </Stack>
        )}
        {(!video.asset || replacing) && (
          <UploadField
            kind={kind}
            label={t('video.choose', { context: kind })}
            slot={`${lesson} ${kind}`}
            onDone={(asset) => {
              setReplacing(false)
              set({ asset: asset.id, duration_ms: 0 })
            }}
          />
        )}
      </section>
      <Captions
        lesson={lesson}
        video={video.asset}
        captions={video.captions}
        onChange={(captions) => set({ captions })}
      />
      <Stack gap="sm">
        <Switch
          label={t('video.noSkip')}
          description={t('video.noSkipHelp')}
          checked={video.no_skip ?? false}
          onChange={(event) => set({ no_skip: event.currentTarget.checked })}
        />
        <Switch
          label={t('video.speed')}
          description={t('video.speedHelp')}
          checked={video.speed ?? false}
          onChange={(event) => set({ speed: event.currentTarget.checked })}
        />
      </Stack>
    </Stack>
  )
}

interface CaptionsProps {
  lesson: string
  video: string | undefined
  captions: Caption[]
  onChange: (captions: Caption[]) => void
}

function Captions({ lesson, video, captions, onChange }: CaptionsProps) {
  const { t } = useTranslation('course')
  const [open, setOpen] = useState<number>() // the place of the captions being edited; behind the last for new ones
  const edited = open === undefined ? undefined : captions[open]
  const change = (index: number, patch: Partial<Caption>) =>
    onChange(captions.map((one, i) => (i === index ? { ...one, ...patch } : one)))
  return (
    <section aria-label={t('captions.title')}>
      <h2>{t('captions.title')}</h2>
      <Stack gap="sm">
        {captions.map((one, index) => (
          <Group key={one.asset} align="flex-end" gap="sm">
            <TextInput
              label={t('captions.label')}
              maxLength={100}
              value={one.label}
              onChange={(event) => change(index, { label: event.currentTarget.value })}
            />
            <TextInput
              label={t('captions.lang')}
              maxLength={20}
              w="6rem"
              value={one.lang}
              onChange={(event) => change(index, { lang: event.currentTarget.value })}
            />
            <Button
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden />}
              onClick={() => setOpen(index)}
            >
              {t('cues.edit')}
            </Button>
            <ActionIcon
              variant="subtle"
              color="red"
              size={42}
              aria-label={t('captions.remove', { label: one.label })}
              onClick={() => onChange(captions.filter((_, i) => i !== index))}
            >
              <IconTrash size={20} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPencil size={18} aria-hidden />}
            onClick={() => setOpen(captions.length)}
          >
            {t('cues.write')}
          </Button>
        </Group>
        <UploadField
          key={captions.length}
          kind="captions"
          label={t('captions.choose')}
          slot={`${lesson} captions`}
          onDone={(asset) => onChange([...captions, nextCaption(asset.id, captions, t('captions.japanese'))])}
        />
      </Stack>
      {open !== undefined && (
        <Suspense>
          <CaptionsEditor
            slot={`${lesson} ${edited?.asset ?? 'new'}`}
            label={edited?.label ?? t('captions.japanese')}
            video={video}
            captions={edited?.asset}
            onClose={() => setOpen(undefined)}
            onSaved={(asset) => {
              if (edited) change(open, { asset })
              else onChange([...captions, nextCaption(asset, captions, t('captions.japanese'))])
              setOpen(undefined)
            }}
          />
        </Suspense>
      )}
    </section>
  )
}

/** The first captions of a Japanese product are Japanese, the next English. */
function nextCaption(asset: string, captions: Caption[], japanese: string): Caption {
  return captions.some((one) => one.lang === 'ja')
    ? { asset, lang: 'en', label: 'English' }
    : { asset, lang: 'ja', label: japanese }
}
