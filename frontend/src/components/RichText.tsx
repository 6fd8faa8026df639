import { createElement, Fragment, type ReactNode, useMemo } from 'react'
import classes from './RichText.module.css'

/** What a page lesson may contain; the server has removed everything else already, this is the second fence. */
const elements = new Set(
  'h2 h3 h4 p br hr ul ol li blockquote strong b em i u s sub sup ruby rt rp table thead tbody tr th td caption a img'.split(
    ' ',
  ),
)
const voids = new Set(['br', 'hr', 'img'])

interface Picture {
  url: string
  width: number
  height: number
  /** The same picture smaller. */
  sizes?: { url: string; width: number }[] | null
}

interface RichTextProps {
  html: string
  /** Where each picture (by file id) is fetched. */
  pictures: Record<string, Picture | undefined>
}

/** Draws rich text as elements, never as markup: nothing in it can run. */
export function RichText({ html, pictures }: RichTextProps) {
  const body = useMemo(() => new DOMParser().parseFromString(html, 'text/html').body, [html])
  return <div className={classes.text}>{draw(body, pictures)}</div>
}

/** The ids of the pictures in rich text. */
export function picturesIn(html: string): string[] {
  return Array.from(html.matchAll(/data-asset="([0-9a-f-]{36})"/g), (match) => match[1] ?? '')
}

function draw(parent: Node, pictures: RichTextProps['pictures']): ReactNode[] {
  return Array.from(parent.childNodes, (node, place) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent
    if (!(node instanceof HTMLElement)) return null
    const name = node.localName
    // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of one text never change places
    if (!elements.has(name)) return <Fragment key={place}>{draw(node, pictures)}</Fragment>
    const props = { key: place, ...propsOf(node, pictures) }
    if (voids.has(name)) return name === 'img' && !('src' in props) ? null : createElement(name, props)
    return createElement(name, props, ...draw(node, pictures))
  })
}

function propsOf(node: HTMLElement, pictures: RichTextProps['pictures']): Record<string, unknown> {
  const props: Record<string, unknown> = {}
  const number = (name: string) => Number.parseInt(node.getAttribute(name) ?? '', 10)
  switch (node.localName) {
    case 'a': {
      const href = node.getAttribute('href') ?? ''
      if (/^(https?:|mailto:)/i.test(href)) {
        props.href = href
        props.rel = 'noopener noreferrer'
        if (!/^mailto:/i.test(href)) props.target = '_blank'
      }
      break
    }
    case 'img': {
      const picture = pictures[node.dataset.asset ?? '']
      props.alt = node.getAttribute('alt') ?? ''
      if (picture)
        Object.assign(props, {
          src: picture.url,
          width: picture.width,
          height: picture.height,
          loading: 'lazy',
          ...(picture.sizes?.length && {
            srcSet: [...picture.sizes, picture].map((one) => `${one.url} ${one.width}w`).join(', '),
            sizes: '(max-width: 48em) 100vw, 46rem',
          }),
        })
      break
    }
    case 'td':
    case 'th':
      if (number('colspan') > 1) props.colSpan = number('colspan')
      if (number('rowspan') > 1) props.rowSpan = number('rowspan')
      if (node.localName === 'th') props.scope = node.getAttribute('scope') ?? undefined
      break
  }
  return props
}
