import { mergeAttributes, Node } from '@tiptap/core'

export type CalloutKind = 'note' | 'warning'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    callout: {
      /** Puts what is chosen into a box of this kind, makes another box one of this kind, or takes the box away. */
      toggleCallout: (kind: CalloutKind) => ReturnType
    }
  }
}

/** A box that stands out: something to keep in mind, or to take care of. `words` are its names, shown above it. */
export const Callout = Node.create<{ words: (kind: CalloutKind) => string }>({
  name: 'callout',
  group: 'block',
  content: 'block+',
  defining: true,
  addOptions: () => ({ words: (kind) => kind }),
  addAttributes: () => ({
    kind: {
      default: 'note',
      parseHTML: (element) => (element.getAttribute('data-kind') === 'warning' ? 'warning' : 'note'),
      renderHTML: (attributes) => ({ 'data-kind': attributes.kind as string }),
    },
  }),
  parseHTML: () => [{ tag: 'aside' }],
  renderHTML: ({ HTMLAttributes }) => ['aside', mergeAttributes(HTMLAttributes), 0],
  addNodeView() {
    return ({ node }) => {
      const box = document.createElement('div')
      const name = (kind: CalloutKind) => {
        box.dataset.callout = kind
        box.setAttribute('aria-label', this.options.words(kind))
      }
      box.setAttribute('role', 'note')
      name(node.attrs.kind as CalloutKind)
      return {
        dom: box,
        contentDOM: box,
        update: (next) => {
          if (next.type.name !== this.name) return false
          name(next.attrs.kind as CalloutKind)
          return true
        },
      }
    }
  },
  addCommands() {
    return {
      toggleCallout:
        (kind) =>
        ({ editor, commands }) => {
          if (editor.isActive(this.name, { kind })) return commands.lift(this.name)
          if (editor.isActive(this.name)) return commands.updateAttributes(this.name, { kind })
          return commands.wrapIn(this.name, { kind })
        },
    }
  },
})
