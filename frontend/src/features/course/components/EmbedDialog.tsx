import { SegmentedControl, TextInput } from '@mantine/core'
import type { Editor } from '@tiptap/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import type { Embedded, EmbedMedia } from '../richtext/embed'
import { Frame } from './PageDialogs'

interface EmbedDialogProps {
  editor: Editor
  lesson: string
  onClose: () => void
}

const kinds: EmbedMedia[] = ['video', 'audio', 'pdf']

/** A film, a recording or a PDF within a page, with its title; a film can have captions. */
export function EmbedDialog({ editor, lesson, onClose }: EmbedDialogProps) {
  const { t } = useTranslation('course')
  const [now, setNow] = useState<Partial<Embedded>>(() => editor.getAttributes('embed'))
  const media = now.media ?? 'video'
  const title = now.title ?? ''
  const set = (patch: Partial<Embedded>) => setNow((before) => ({ ...before, ...patch }))
  const put = () => {
    if (!now.asset) return
    const embedded = { media, asset: now.asset, captions: now.captions ?? null, title: title.trim() }
    editor.chain().focus().addEmbed(embedded).run()
  }
  return (
    <Frame
      title={t('embed.title')}
      action={t('embed.put')}
      disabled={!now.asset || title.trim() === ''}
      onDone={put}
      onClose={onClose}
    >
      {now.asset ? (
        <AssetState id={now.asset} />
      ) : (
        <>
          <SegmentedControl
            aria-label={t('embed.media')}
            value={media}
            onChange={(value) => set({ media: value as EmbedMedia })}
            data={kinds.map((value) => ({ value, label: t('embed.media', { context: value }) }))}
          />
          <UploadField
            key={media}
            kind={media}
            label={t('embed.choose', { context: media })}
            slot={`${lesson} embedded ${media}`}
            onDone={(done) => set({ media, asset: done.id })}
          />
        </>
      )}
      <TextInput
        label={t('embed.name')}
        description={t('embed.nameHelp')}
        required
        maxLength={200}
        value={title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      {media === 'video' &&
        now.asset &&
        (now.captions ? (
          <AssetState id={now.captions} />
        ) : (
          <UploadField
            kind="captions"
            label={t('embed.captions')}
            slot={`${lesson} embedded captions`}
            onDone={(done) => set({ captions: done.id })}
          />
        ))}
    </Frame>
  )
}
