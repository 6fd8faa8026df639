import { EditorContent, useEditor } from '@tiptap/react'
import { useTranslation } from 'react-i18next'
import type { Body } from '../api/lessons'
import { Callout } from '../richtext/callout'
import { extensions } from '../richtext/extensions'
import classes from './PageEditor.module.css'
import { PageToolbar } from './PageToolbar'

interface PageEditorProps {
  lesson: string
  /** Content to begin with; afterwards the editor has its own. */
  html: string
  onChange: (patch: { body: Body }) => void
}

/** What is typed stays clear of what is said over the lower end of the page, in pixels. */
const roomBelow = { top: 5, right: 5, bottom: 120, left: 5 }

/** A page of rich text. */
export function PageEditor({ lesson, html, onChange }: PageEditorProps) {
  const { t } = useTranslation('course')
  const editor = useEditor({
    extensions: extensions.map((one) =>
      one.name === Callout.name
        ? Callout.configure({ words: (kind) => t('common:box', { context: kind }) })
        : one,
    ),
    content: html,
    onUpdate: ({ editor }) => onChange({ body: { page: { html: editor.isEmpty ? '' : editor.getHTML() } } }),
    editorProps: {
      scrollMargin: roomBelow,
      scrollThreshold: roomBelow,
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': t('page.label'),
        class: classes.sheet ?? '',
      },
    },
  })
  return (
    <div className={classes.frame}>
      <PageToolbar editor={editor} lesson={lesson} />
      <EditorContent editor={editor} />
    </div>
  )
}
