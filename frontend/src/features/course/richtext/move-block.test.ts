import { Editor } from '@tiptap/core'
import { afterEach, expect, test } from 'vitest'
import { extensions } from './extensions'

let editor: Editor
afterEach(() => editor.destroy())

/** An editor in which the words are being written. */
function writing(html: string, words: string): Editor {
  editor = new Editor({ extensions, content: html })
  editor.state.doc.descendants((node, pos) => {
    if (node.isText && node.text?.includes(words)) editor.commands.setTextSelection(pos + 1)
  })
  return editor
}

/** The text, without the empty paragraph after a last block that is none, and without what tables say of their looks. */
function written(): string {
  return editor
    .getHTML()
    .replaceAll(/ (style|colspan|rowspan)="[^"]*"|<colgroup>.*<\/colgroup>|<p><\/p>$/g, '')
}

test.each<[string, string, -1 | 1, string]>([
  ['<p>一</p><p>二</p><p>三</p>', '二', -1, '<p>二</p><p>一</p><p>三</p>'],
  ['<p>一</p><p>二</p><p>三</p>', '二', 1, '<p>一</p><p>三</p><p>二</p>'],
  ['<p>一</p><h2>二</h2>', '一', 1, '<h2>二</h2><p>一</p>'],
  [
    '<ul><li><p>一</p></li><li><p>二</p></li></ul><p>後</p>',
    '二',
    -1,
    '<ul><li><p>二</p></li><li><p>一</p></li></ul><p>後</p>',
  ],
  [
    '<p>前</p><ul><li><p>一</p></li><li><p>二</p></li></ul>',
    '一',
    -1,
    '<ul><li><p>一</p></li><li><p>二</p></li></ul><p>前</p>',
  ],
  [
    '<aside data-kind="note"><p>一</p><p>二</p></aside><p>後</p>',
    '一',
    1,
    '<aside data-kind="note"><p>二</p><p>一</p></aside><p>後</p>',
  ],
  [
    '<table><tbody><tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table><p>後</p>',
    '甲',
    1,
    '<p>後</p><table><tbody><tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table>',
  ],
])('%s: the block of %s moves by %i', (html, words, by, want) => {
  const moved = writing(html, words)
  expect(moved.commands.moveBlock(by)).toBe(true)
  expect(written()).toBe(want)
  moved.commands.insertContent('〇')
  expect(moved.state.selection.$from.parent.textContent).toContain(words[0])
  expect(moved.state.selection.$from.parent.textContent).toContain('〇')
})

test('what stands at the end stays', () => {
  expect(writing('<p>一</p><p>二</p>', '一').commands.moveBlock(-1)).toBe(false)
  expect(editor.commands.moveBlock(1)).toBe(true)
  expect(editor.commands.moveBlock(1)).toBe(false)
})

test('a box is put around what is written, becomes another one, and is taken away', () => {
  writing('<p>一</p>', '一').commands.toggleCallout('note')
  expect(written()).toBe('<aside data-kind="note"><p>一</p></aside>')
  editor.commands.toggleCallout('warning')
  expect(written()).toBe('<aside data-kind="warning"><p>一</p></aside>')
  editor.commands.toggleCallout('warning')
  expect(written()).toBe('<p>一</p>')
})
