import { Node } from '@tiptap/core'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    ruby: {
      addRuby: (base: string, reading: string) => ReturnType
      /** Leaves the word of the chosen furigana without its reading. */
      removeRuby: () => ReturnType
    }
  }
}

/** Furigana: a word with its reading above it, edited as one piece. */
export const Ruby = Node.create({
  name: 'ruby',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => ({
    base: { default: '', rendered: false },
    reading: { default: '', rendered: false },
  }),
  parseHTML: () => [
    {
      tag: 'ruby',
      getAttrs: (element) => {
        const reading = Array.from(element.querySelectorAll('rt'), (rt) => rt.textContent).join('')
        const copy = element.cloneNode(true) as HTMLElement
        for (const part of copy.querySelectorAll('rt, rp')) part.remove()
        return { base: copy.textContent, reading }
      },
    },
  ],
  renderHTML: ({ node }) => [
    'ruby',
    {},
    String(node.attrs.base),
    ['rp', {}, '('],
    ['rt', {}, String(node.attrs.reading)],
    ['rp', {}, ')'],
  ],
  addNodeView:
    () =>
    ({ node }) => {
      const piece = document.createElement('span')
      piece.dataset.piece = ''
      const ruby = document.createElement('ruby')
      const reading = document.createElement('rt')
      reading.textContent = String(node.attrs.reading)
      ruby.append(String(node.attrs.base), reading)
      piece.append(ruby)
      return { dom: piece }
    },
  renderText: ({ node }) => String(node.attrs.base),
  addCommands() {
    return {
      addRuby:
        (base, reading) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: { base, reading } }),
      removeRuby:
        () =>
        ({ editor, commands }) => {
          const text = String(editor.getAttributes(this.name).base ?? '')
          return text !== '' && commands.insertContent({ type: 'text', text })
        },
    }
  },
})
