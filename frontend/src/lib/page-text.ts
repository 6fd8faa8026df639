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

/** Rich text as it was drawn. */
export interface DrawnPage {
  nodes: Node[]
  /** Puts fresh links in: what could not be fetched is fetched anew, a film goes on where it stood, and what can be seen or played is left alone. */
  renew: (files: Files) => void
  /** Gives back what captions hold in memory. */
  end: () => void
}

type Files = Record<string, PageFile | undefined>

/** What was drawn with links: each puts its own in anew. */
interface Holders {
  renew: ((files: Files) => void)[]
  end: (() => void)[]
}

/**
 * Rich text as elements, with the links of its files. The text never becomes markup of ours: it is parsed in an inert document, only what a page may
 * contain is made anew, and the content security policy lets no script run.
 */
export function drawPage(html: string, files: Files, words: BoxWords): DrawnPage {
  const body = new DOMParser().parseFromString(html, 'text/html').body
  const holders: Holders = { renew: [], end: [] }
  const nodesOf = (parent: Node): Node[] => Array.from(parent.childNodes).flatMap(draw)
  const draw = (node: Node): Node[] => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')]
    if (!(node instanceof HTMLElement)) return []
    const name = node.localName
    if (!elements.has(name)) return nodesOf(node)
    if (name === 'img') return [picture(node, files, holders)]
    if (name === 'figure' && node.dataset.media) return [embed(node, files, holders)]
    const made = document.createElement(name)
    for (const { name: key, value } of node.attributes) if (attributes.has(key)) made.setAttribute(key, value)
    if (name === 'a') link(made as HTMLAnchorElement, node.getAttribute('href') ?? '')
    if (name === 'aside') box(made, node.dataset.kind === 'warning' ? 'warning' : 'note', words)
    made.append(...nodesOf(node))
    return [made]
  }
  return {
    nodes: nodesOf(body),
    renew: (fresh) => {
      for (const renew of holders.renew) renew(fresh)
    },
    end: () => {
      for (const end of holders.end) end()
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
function picture(node: HTMLElement, files: Files, holders: Holders): Node {
  const alt = node.getAttribute('alt') ?? ''
  const id = node.dataset.asset ?? ''
  const file = files[id]
  if (!file) return document.createTextNode(alt)
  const made = document.createElement('img')
  made.alt = alt
  made.loading = 'lazy'
  made.decoding = 'async'
  show(made, file)
  let url = file.url
  let broken = false
  made.addEventListener('error', () => {
    broken = true
  })
  holders.renew.push((fresh) => {
    const next = fresh[id]
    const ahead = !made.complete && next?.url !== url // nobody has come to it yet: it would be asked for by the old link
    if (!next || !(broken || ahead)) return
    broken = false
    url = next.url
    show(made, next)
  })
  return made
}

function show(made: HTMLImageElement, file: PageFile) {
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
}

/** A film or recording with its controls, or the way to a PDF; the title below. Without its file the title stays. */
function embed(node: HTMLElement, files: Files, holders: Holders): Node {
  const made = document.createElement('figure')
  const title = node.textContent?.trim() ?? ''
  const id = node.dataset.asset ?? ''
  const file = files[id]
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
    holders.renew.push((fresh) => {
      way.href = fresh[id]?.url ?? way.href
    })
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
  const goOn = goingOn(media)
  media.src = file.url
  holders.renew.push((fresh) => goOn(fresh[id]))
  track(media, node.dataset.captions ?? '', files, holders)
  made.prepend(media)
  return made
}

/** Gives what opens a film anew that could not be fetched on: it goes on where it stood. */
function goingOn(media: HTMLMediaElement): (file: PageFile | undefined) => void {
  let stood: { at: number; playing: boolean } | undefined
  media.addEventListener('error', () => {
    if (media.error) stood ??= { at: media.currentTime, playing: !media.paused }
  })
  media.addEventListener('loadedmetadata', () => {
    if (!stood) return
    const { at, playing } = stood
    stood = undefined
    media.currentTime = at
    if (playing) void media.play().catch(() => undefined) // the browser may ask for a press
  })
  return (file) => {
    if (!file || !stood) return
    if (media instanceof HTMLVideoElement && file.poster) media.poster = file.poster
    media.src = file.url
  }
}

/** Captions are fetched and given as an address of this origin, so that the film itself needs no special permission at the store. */
function track(media: HTMLMediaElement, id: string, files: Files, holders: Holders) {
  let ended = false
  let loading = false
  let src = ''
  const load = async (url: string | undefined) => {
    if (!url || src || loading) return
    loading = true
    const answer = await fetch(url).catch(() => null) // a film without its captions is still a film
    const text = answer?.ok ? await answer.text() : ''
    loading = false
    if (ended || !text) return
    src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }))
    const made = document.createElement('track')
    made.kind = 'captions'
    made.src = src
    made.default = true
    media.append(made)
  }
  void load(files[id]?.url)
  holders.renew.push((fresh) => void load(fresh[id]?.url))
  holders.end.push(() => {
    ended = true
    if (src) URL.revokeObjectURL(src)
  })
}
