import { mergeAttributes, Node } from '@tiptap/core'
import { linked } from './linked'

export type EmbedMedia = 'video' | 'audio' | 'pdf'

/** A film, recording or PDF within a page. */
export interface Embedded {
  media: EmbedMedia
  asset: string
  captions: string | null
  title: string
}

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    embed: { addEmbed: (embedded: Embedded) => ReturnType }
  }
}

const kept = (name: string) => ({
  default: null,
  parseHTML: (element: HTMLElement) => element.getAttribute(`data-${name}`),
  renderHTML: (attributes: Record<string, unknown>) =>
    attributes[name] ? { [`data-${name}`]: attributes[name] } : {},
})

/** A film, recording or PDF within a page: stored as its id and title, fetched by a short-lived link. */
export const Embed = Node.create({
  name: 'embed',
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: () => ({
    media: kept('media'),
    asset: kept('asset'),
    captions: kept('captions'),
    title: {
      default: '',
      rendered: false,
      parseHTML: (element: HTMLElement) => element.textContent?.trim() ?? '',
    },
  }),
  parseHTML: () => [{ tag: 'figure[data-media][data-asset]' }],
  renderHTML: ({ node, HTMLAttributes }) => [
    'figure',
    mergeAttributes(HTMLAttributes),
    ['figcaption', {}, String(node.attrs.title)],
  ],
  renderText: ({ node }) => String(node.attrs.title),
  addNodeView:
    () =>
    ({ node }) => {
      const { media, asset, title } = node.attrs as Embedded
      const box = document.createElement('figure')
      const caption = document.createElement('figcaption')
      caption.textContent = media === 'pdf' ? `${title} (PDF)` : title
      box.dataset.media = media
      box.append(caption)
      if (media !== 'pdf') play(box, media, asset, title)
      return { dom: box }
    },
  addCommands() {
    return {
      addEmbed:
        (embedded) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: embedded }),
    }
  },
})

/** The film or recording, as soon as it can be fetched; until then the title stands alone. */
function play(box: HTMLElement, media: EmbedMedia, asset: string, title: string) {
  const player = document.createElement(media === 'audio' ? 'audio' : 'video')
  player.controls = true
  player.preload = 'metadata'
  player.setAttribute('aria-label', title)
  linked(player, asset, (link) => {
    if (player instanceof HTMLVideoElement && link.poster) player.poster = link.poster
    player.src = link.url
    box.prepend(player)
  })
}
