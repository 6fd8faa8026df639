import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowDown,
  IconArrowForwardUp,
  IconArrowUp,
  IconBlockquote,
  IconBold,
  IconBulb,
  IconColumnInsertRight,
  IconColumnRemove,
  IconH2,
  IconH3,
  IconItalic,
  IconLetterCase,
  IconLink,
  IconList,
  IconListNumbers,
  IconPaperclip,
  IconPhoto,
  IconRowInsertBottom,
  IconRowRemove,
  IconTable,
  IconTableOff,
  IconUnderline,
} from '@tabler/icons-react'
import { type Editor, useEditorState } from '@tiptap/react'
import { type ComponentType, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmbedDialog } from './EmbedDialog'
import { LinkDialog, PictureDialog, RubyDialog } from './PageDialogs'
import classes from './PageEditor.module.css'

interface Tool {
  name: string
  icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  act: () => void
  pressed?: boolean
  disabled?: boolean
}

type Dialog = 'link' | 'picture' | 'embed' | 'ruby'

/** The tools of rich text; every one has a name, and the arrow keys go through them. */
export function PageToolbar({ editor, lesson }: { editor: Editor; lesson: string }) {
  const { t } = useTranslation('course')
  const [dialog, setDialog] = useState<Dialog>()
  const groups = useTools(editor, setDialog)
  const close = () => {
    setDialog(undefined)
    editor.commands.focus()
  }
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t('page.tools')} onKeyDown={walk}>
      {groups.map((group, index) => (
        <Tools key={group[0]?.name} tools={group} divided={index > 0} />
      ))}
      {dialog === 'link' && <LinkDialog editor={editor} onClose={close} />}
      {dialog === 'picture' && <PictureDialog editor={editor} lesson={lesson} onClose={close} />}
      {dialog === 'embed' && <EmbedDialog editor={editor} lesson={lesson} onClose={close} />}
      {dialog === 'ruby' && <RubyDialog editor={editor} onClose={close} />}
    </div>
  )
}

function Tools({ tools, divided }: { tools: Tool[]; divided: boolean }) {
  const { t } = useTranslation('course')
  return (
    <span className={classes.tools}>
      {divided && <span className={classes.divider} />}
      {tools.map(({ name, icon: Icon, act, pressed, disabled }) => (
        <Tooltip key={name} label={t('page.tool', { context: name })} openDelay={300}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t('page.tool', { context: name })}
            {...(pressed !== undefined && { 'aria-pressed': pressed })}
            disabled={disabled ?? false}
            onClick={act}
          >
            <Icon size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </span>
  )
}

/** Left and right go from tool to tool. */
function walk(event: React.KeyboardEvent<HTMLDivElement>) {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (by === 0) return
  const buttons = Array.from(event.currentTarget.querySelectorAll<HTMLButtonElement>('button:not(:disabled)'))
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0) return
  event.preventDefault()
  buttons[(at + by + buttons.length) % buttons.length]?.focus()
}

function useTools(editor: Editor, open: (dialog: Dialog) => void): Tool[][] {
  const is = useEditorState({
    editor,
    selector: ({ editor }) => ({
      h2: editor.isActive('heading', { level: 2 }),
      h3: editor.isActive('heading', { level: 3 }),
      bold: editor.isActive('bold'),
      italic: editor.isActive('italic'),
      underline: editor.isActive('underline'),
      bullets: editor.isActive('bulletList'),
      numbers: editor.isActive('orderedList'),
      quote: editor.isActive('blockquote'),
      note: editor.isActive('callout', { kind: 'note' }),
      warning: editor.isActive('callout', { kind: 'warning' }),
      link: editor.isActive('link'),
      table: editor.isActive('table'),
      undo: editor.can().undo(),
      redo: editor.can().redo(),
      up: editor.can().moveBlock(-1),
      down: editor.can().moveBlock(1),
    }),
  })
  const run = () => editor.chain().focus()
  const table: Tool[] = is.table
    ? [
        { name: 'addRow', icon: IconRowInsertBottom, act: () => run().addRowAfter().run() },
        { name: 'removeRow', icon: IconRowRemove, act: () => run().deleteRow().run() },
        { name: 'addColumn', icon: IconColumnInsertRight, act: () => run().addColumnAfter().run() },
        { name: 'removeColumn', icon: IconColumnRemove, act: () => run().deleteColumn().run() },
        { name: 'removeTable', icon: IconTableOff, act: () => run().deleteTable().run() },
      ]
    : [
        {
          name: 'table',
          icon: IconTable,
          act: () => run().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
        },
      ]
  return [
    [
      { name: 'h2', icon: IconH2, pressed: is.h2, act: () => run().toggleHeading({ level: 2 }).run() },
      { name: 'h3', icon: IconH3, pressed: is.h3, act: () => run().toggleHeading({ level: 3 }).run() },
    ],
    [
      { name: 'bold', icon: IconBold, pressed: is.bold, act: () => run().toggleBold().run() },
      { name: 'italic', icon: IconItalic, pressed: is.italic, act: () => run().toggleItalic().run() },
      {
        name: 'underline',
        icon: IconUnderline,
        pressed: is.underline,
        act: () => run().toggleUnderline().run(),
      },
      { name: 'ruby', icon: IconLetterCase, act: () => open('ruby') },
    ],
    [
      { name: 'bullets', icon: IconList, pressed: is.bullets, act: () => run().toggleBulletList().run() },
      {
        name: 'numbers',
        icon: IconListNumbers,
        pressed: is.numbers,
        act: () => run().toggleOrderedList().run(),
      },
      { name: 'quote', icon: IconBlockquote, pressed: is.quote, act: () => run().toggleBlockquote().run() },
      { name: 'note', icon: IconBulb, pressed: is.note, act: () => run().toggleCallout('note').run() },
      {
        name: 'warning',
        icon: IconAlertTriangle,
        pressed: is.warning,
        act: () => run().toggleCallout('warning').run(),
      },
    ],
    [
      { name: 'link', icon: IconLink, pressed: is.link, act: () => open('link') },
      { name: 'picture', icon: IconPhoto, act: () => open('picture') },
      { name: 'embed', icon: IconPaperclip, act: () => open('embed') },
    ],
    table,
    [
      { name: 'up', icon: IconArrowUp, disabled: !is.up, act: () => run().moveBlock(-1).run() },
      { name: 'down', icon: IconArrowDown, disabled: !is.down, act: () => run().moveBlock(1).run() },
    ],
    [
      { name: 'undo', icon: IconArrowBackUp, disabled: !is.undo, act: () => run().undo().run() },
      { name: 'redo', icon: IconArrowForwardUp, disabled: !is.redo, act: () => run().redo().run() },
    ],
  ]
}
