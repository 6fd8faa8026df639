import { type Ref, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type DrawnPage, drawPage, filesIn, type PageFile } from '@/lib/page-text'
import classes from './RichText.module.css'

interface RichTextProps {
  html: string
  /** Where each file of the text (by its id) is fetched. */
  files: Record<string, PageFile | undefined>
  /** Counts how often files that failed have to be opened anew, with links that are fresh then. */
  round?: number
  /** A picture, film or recording could not be fetched: its link is too old, or the network went. */
  onBroken?: () => void
  /** One could. */
  onFine?: () => void
  /** The element that holds the text. */
  ref?: Ref<HTMLDivElement>
}

/**
 * Draws rich text as elements, never as markup: nothing in it can run. Editors, learners and who looks at the catalogue see the same. Fresh links for the same
 * files do not draw it anew: whoever reads stays where they are, and what plays goes on.
 */
export function RichText({ html, files, round = 0, onBroken, onFine, ref }: RichTextProps) {
  const { t } = useTranslation()
  const text = useRef<HTMLDivElement>(null)
  const drawn = useRef<DrawnPage>(undefined)
  const links = useRef(files)
  links.current = files
  const note = t('box_note')
  const warning = t('box_warning')
  const there = filesIn(html)
    .filter((id) => files[id])
    .join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when another file is there, not when its link is another
  useEffect(() => {
    const page = drawPage(html, links.current, { note, warning })
    text.current?.replaceChildren(...page.nodes)
    drawn.current = page
    return page.end
  }, [html, there, note, warning])
  // biome-ignore lint/correctness/useExhaustiveDependencies: links may be the same ones, to be tried again
  useEffect(() => drawn.current?.renew(files), [files, round])
  useEffect(() => {
    const box = text.current
    if (!box) return
    const broken = () => onBroken?.()
    const fine = () => onFine?.()
    const good = ['load', 'playing'] // they do not rise from the elements: they are caught on the way down
    box.addEventListener('error', broken, true)
    for (const name of good) box.addEventListener(name, fine, true)
    return () => {
      box.removeEventListener('error', broken, true)
      for (const name of good) box.removeEventListener(name, fine, true)
    }
  }, [onBroken, onFine])
  return (
    <div ref={ref}>
      <div ref={text} className={classes.text} />
    </div>
  )
}
