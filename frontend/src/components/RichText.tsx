import { type Ref, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { drawPage, type PageFile } from '@/lib/page-text'
import classes from './RichText.module.css'

interface RichTextProps {
  html: string
  /** Where each file of the text (by its id) is fetched. */
  files: Record<string, PageFile | undefined>
  /** The element that holds the text. */
  ref?: Ref<HTMLDivElement>
}

/** Draws rich text as elements, never as markup: nothing in it can run. Editors, learners and who looks at the catalogue see the same. */
export function RichText({ html, files, ref }: RichTextProps) {
  const { t } = useTranslation()
  const text = useRef<HTMLDivElement>(null)
  const note = t('box_note')
  const warning = t('box_warning')
  useEffect(() => {
    const { nodes, end } = drawPage(html, files, { note, warning })
    text.current?.replaceChildren(...nodes)
    return end
  }, [html, files, note, warning])
  return (
    <div ref={ref}>
      <div ref={text} className={classes.text} />
    </div>
  )
}
