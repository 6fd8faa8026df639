import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import type { Editor } from '@tiptap/react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'

interface FrameProps {
  title: string
  action: string
  disabled?: boolean
  onDone: () => void
  onClose: () => void
  children: ReactNode
  extra?: ReactNode
}

/** A small form over the page; its submit must not reach a form around the editor. */
export function Frame({ title, action, disabled, onDone, onClose, children, extra }: FrameProps) {
  const { t } = useTranslation('course')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (disabled) return
    onDone()
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          {children}
          <Group justify="flex-end">
            {extra}
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" disabled={disabled ?? false}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** `example.jp` becomes https; what is no address of the web or a mail is refused. */
export function linkAddress(typed: string): string | undefined {
  const text = typed.trim()
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text)
    ? text
    : text.includes('@')
      ? `mailto:${text}`
      : `https://${text}`
  try {
    const url = new URL(address)
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) && text !== '' ? url.href : undefined
  } catch {
    return undefined
  }
}

/** Address of a link on what is selected. */
export function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation('course')
  const before = editor.getAttributes('link').href as string | undefined
  const [typed, setTyped] = useState(before ?? '')
  const href = linkAddress(typed)
  const set = () => {
    if (!href) return
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && !before)
      chain.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run()
    else chain.setLink({ href }).run()
  }
  const remove = before && (
    <Button
      variant="subtle"
      color="red"
      onClick={() => {
        editor.chain().focus().extendMarkRange('link').unsetLink().run()
        onClose()
      }}
    >
      {t('link.remove')}
    </Button>
  )
  return (
    <Frame
      title={t('link.title')}
      action={t('link.set')}
      disabled={!href}
      onDone={set}
      onClose={onClose}
      extra={remove}
    >
      <TextInput
        data-autofocus
        label={t('link.address')}
        description={t('link.help')}
        inputMode="url"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={typed !== '' && !href ? t('link.wrong') : undefined}
      />
    </Frame>
  )
}

/** A picture with the words that stand for it; without words it is not put in. */
export function PictureDialog({
  editor,
  lesson,
  onClose,
}: {
  editor: Editor
  lesson: string
  onClose: () => void
}) {
  const { t } = useTranslation('course')
  const chosen = editor.getAttributes('picture')
  const [asset, setAsset] = useState(chosen.asset as string | undefined)
  const [alt, setAlt] = useState(String(chosen.alt ?? ''))
  const put = () => {
    if (asset) editor.chain().focus().addPicture(asset, alt.trim()).run()
  }
  return (
    <Frame
      title={t('picture.title')}
      action={t('picture.put')}
      disabled={!asset || alt.trim() === ''}
      onDone={put}
      onClose={onClose}
    >
      {asset ? (
        <AssetState id={asset} />
      ) : (
        <UploadField
          kind="image"
          label={t('picture.choose')}
          slot={`${lesson} image`}
          onDone={(done) => setAsset(done.id)}
        />
      )}
      <TextInput
        label={t('picture.alt')}
        description={t('picture.altHelp')}
        required
        maxLength={500}
        value={alt}
        onChange={(event) => setAlt(event.currentTarget.value)}
      />
    </Frame>
  )
}

/** The reading of a word. */
export function RubyDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation('course')
  const { from, to } = editor.state.selection
  const chosen = editor.getAttributes('ruby')
  const [base, setBase] = useState(String(chosen.base || editor.state.doc.textBetween(from, to)))
  const [reading, setReading] = useState(String(chosen.reading ?? ''))
  const remove = chosen.base && (
    <Button
      variant="subtle"
      color="red"
      onClick={() => {
        editor.chain().focus().removeRuby().run()
        onClose()
      }}
    >
      {t('ruby.remove')}
    </Button>
  )
  return (
    <Frame
      title={t('ruby.title')}
      action={t('ruby.put')}
      disabled={base.trim() === '' || reading.trim() === ''}
      onDone={() => editor.chain().focus().addRuby(base.trim(), reading.trim()).run()}
      onClose={onClose}
      extra={remove}
    >
      <TextInput
        label={t('ruby.base')}
        value={base}
        maxLength={100}
        onChange={(event) => setBase(event.currentTarget.value)}
      />
      <TextInput
        data-autofocus
        label={t('ruby.reading')}
        value={reading}
        maxLength={100}
        onChange={(event) => setReading(event.currentTarget.value)}
      />
    </Frame>
  )
}
