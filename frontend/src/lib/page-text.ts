/** What a page lesson may contain; the server has removed everything else already, this is the second fence. */
const elements = new Set(
  'h2 h3 h4 p br hr ul ol li blockquote strong b em i u s sub sup ruby rt rp table thead tbody tr th td caption a img aside figure figcaption'.split(
    ' ',
  ),
)

/** The attributes that are kept, of whatever element; addresses come from `files`, never from the text. */
const attributes = new Set(['colspan', 'rowspan', 'scope', 'alt'])

/** Where a file of the text is fetched. */
export interface PageFile {
  url: string
  width?: number
  height?: number
  /** Picture of a film. */
  poster?: string
  /** The same picture smaller. */
  sizes?: { url: string; width: number }[] | null
}

/** How the boxes that stand out are called. */
export interface BoxWords {
  note: string
  warning: string
}

/** The ids of the files in rich text. */
export function filesIn(html: string): string[] {
  return Array.from(html.matchAll(/data-(?:asset|captions)="([0-9a-f-]{36})"/g), (match) => match[1] ?? '')
}

/**
 * Rich text as elements, with the links of its files. The text never becomes markup of ours: it is parsed in an inert document, only what a page may
 * contain is made anew, and the content security policy lets no script run. `end` gives back what captions hold in memory.
 */
export function drawPage(
  html: string,
  files: Record<string, PageFile | undefined>,
  words: BoxWords,
): { nodes: Node[]; end: () => void } {
  const body = new DOMParser().parseFromString(html, 'text/html').body
  const ends: (() => void)[] = []
  const nodesOf = (parent: Node): Node[] => Array.from(parent.childNodes).flatMap(draw)
  const draw = (node: Node): Node[] => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')]
    if (!(node instanceof HTMLElement)) return []
    const name = node.localName
    if (!elements.has(name)) return nodesOf(node)
    if (name === 'img') return [picture(node, files[node.dataset.asset ?? ''])]
    if (name === 'figure' && node.dataset.media) return [embed(node, files, ends)]
    const made = document.createElement(name)
    for (const { name: key, value } of node.attributes) if (attributes.has(key)) made.setAttribute(key, value)
    if (name === 'a') link(made as HTMLAnchorElement, node.getAttribute('href') ?? '')
    if (name === 'aside') box(made, node.dataset.kind === 'warning' ? 'warning' : 'note', words)
    made.append(...nodesOf(node))
    return [made]
  }
  return {
    nodes: nodesOf(body),
    end: () => {
      for (const end of ends) end()
    },
  }
}

function link(made: HTMLAnchorElement, href: string) {
  if (!/^(https?:|mailto:)/i.test(href)) return
  made.href = href
  made.rel = 'noopener noreferrer'
  if (!/^mailto:/i.test(href)) made.target = '_blank'
}

/** A part of the text, not a landmark beside it. */
function box(made: HTMLElement, kind: keyof BoxWords, words: BoxWords) {
  made.dataset.kind = kind
  made.setAttribute('role', 'note')
  made.setAttribute('aria-label', words[kind])
}

/** A picture in the size that the screen needs; without its file, the words that stand for it. */
function picture(node: HTMLElement, file: PageFile | undefined): Node {
  const alt = node.getAttribute('alt') ?? ''
  if (!file) return document.createTextNode(alt)
  const made = document.createElement('img')
  made.alt = alt
  made.loading = 'lazy'
  made.decoding = 'async'
  if (file.width && file.height) {
    made.width = file.width
    made.height = file.height
    if (file.sizes?.length) {
      made.sizes = '(max-width: 48em) 100vw, 46rem'
      made.srcset = [...file.sizes, { url: file.url, width: file.width }]
        .map((one) => `${one.url} ${one.width}w`)
        .join(', ')
    }
  }
  made.src = file.url
  return made
}

/** A film or recording with its controls, or the way to a PDF; the title below. Without its file the title stays. */
function embed(node: HTMLElement, files: Record<string, PageFile | undefined>, ends: (() => void)[]): Node {
  const made = document.createElement('figure')
  const title = node.textContent?.trim() ?? ''
  const file = files[node.dataset.asset ?? '']
  made.dataset.media = node.dataset.media ?? ''
  const caption = document.createElement('figcaption')
  caption.textContent = title
  made.append(caption)
  if (!file) return made
  if (node.dataset.media === 'pdf') {
    const way = document.createElement('a')
    way.href = file.url
    way.target = '_blank'
    way.rel = 'noopener noreferrer'
    way.textContent = `${title} (PDF)`
    caption.replaceChildren(way)
    return made
  }
  const media = document.createElement(node.dataset.media === 'audio' ? 'audio' : 'video')
  media.controls = true
  media.preload = 'metadata'
  media.setAttribute('aria-label', title)
  if (media instanceof HTMLVideoElement) {
    media.playsInline = true
    if (file.poster) media.poster = file.poster
    if (file.width) media.width = file.width
    if (file.height) media.height = file.height
  }
  media.src = file.url
  const captions = files[node.dataset.captions ?? '']
  if (captions) ends.push(track(media, captions.url))
  made.prepend(media)
  return made
}

/** Captions are fetched and given as an address of this origin, so that the film itself needs no special permission at the store. */
function track(media: HTMLMediaElement, url: string): () => void {
  let ended = false
  let src = ''
  const load = async () => {
    const answer = await fetch(url).catch(() => null) // a film without its captions is still a film
    if (!answer?.ok) return
    const text = await answer.text()
    if (ended) return
    src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }))
    const made = document.createElement('track')
    made.kind = 'captions'
    made.src = src
    made.default = true
    media.append(made)
  }
  void load()
  return () => {
    ended = true
    if (src) URL.revokeObjectURL(src)
  }
}
