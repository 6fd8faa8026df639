import { mergeAttributes, Node } from '@tiptap/core'
import { linked } from './linked'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    picture: { addPicture: (asset: string, alt: string) => ReturnType }
  }
}

/** A picture of the own files: stored as its id and words, fetched by a short-lived link. */
export const Picture = Node.create({
  name: 'picture',
  group: 'block',
  draggable: true,
  addAttributes: () => ({
    asset: {
      default: null,
      parseHTML: (element) => element.getAttribute('data-asset'),
      renderHTML: (attributes) => ({ 'data-asset': attributes.asset as string }),
    },
    alt: { default: '' },
  }),
  parseHTML: () => [{ tag: 'img[data-asset]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', mergeAttributes(HTMLAttributes)],
  addNodeView:
    () =>
    ({ node }) => {
      const image = document.createElement('img')
      const id = String(node.attrs.asset)
      image.alt = String(node.attrs.alt)
      linked(image, id, (link) => {
        image.src = link.url
      })
      return { dom: image }
    },
  addCommands() {
    return {
      addPicture:
        (asset, alt) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: { asset, alt } }),
    }
  },
})
