import { TableKit } from '@tiptap/extension-table'
import StarterKit from '@tiptap/starter-kit'
import { Callout } from './callout'
import { Embed } from './embed'
import { MoveBlock } from './move-block'
import { Picture } from './picture'
import { Ruby } from './ruby'

/** What a page lesson can be written with; the server's sanitiser (content/richtext.go) lets exactly this through. */
export const extensions = [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    code: false,
    codeBlock: false,
    link: {
      openOnClick: false,
      protocols: ['http', 'https', 'mailto'],
      HTMLAttributes: { rel: 'noopener noreferrer', target: null },
    },
  }),
  TableKit.configure({ table: { resizable: false } }),
  Picture,
  Ruby,
  Callout,
  Embed,
  MoveBlock,
]
