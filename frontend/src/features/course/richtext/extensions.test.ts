import { Editor, generateHTML, generateJSON } from '@tiptap/core'
import { expect, test } from 'vitest'
import { extensions } from './extensions'

/** Opening a lesson and saving it must not lose what is in it. */
test.each([
  '<h2>個人情報とは</h2><p>氏名、<strong>住所</strong>、<em>要配慮</em>、<u>下線</u>、<s>取消</s></p>',
  '<ul><li><p>一つ</p></li></ul><ol><li><p>順</p></li></ol><blockquote><p>引用</p></blockquote><hr>',
  '<p>一行目<br>二行目</p>',
  '<img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="図1">',
  '<aside data-kind="warning"><p>外へ持ち出しません。</p><ul><li><p>紙も</p></li></ul></aside><aside data-kind="note"><p>要点</p></aside>',
  '<figure data-media="video" data-asset="0199f3a2-0000-7000-8000-000000000001" data-captions="0199f3a2-0000-7000-8000-000000000002"><figcaption>手の洗い方</figcaption></figure>',
  '<p>前</p><figure data-media="pdf" data-asset="0199f3a2-0000-7000-8000-000000000001"><figcaption>手引き</figcaption></figure>',
  '<p><ruby>介護<rp>(</rp><rt>かいご</rt><rp>)</rp></ruby>の仕事</p>',
])('%s comes back as it was', (html) => {
  expect(generateHTML(generateJSON(html, extensions), extensions)).toBe(html)
})

test('a table keeps its cells and a link its address', () => {
  const html = generateHTML(
    generateJSON(
      '<table><tbody><tr><th>語</th><td><a href="https://example.jp/">例</a></td></tr></tbody></table><p><a href="javascript:alert(1)">x</a></p>',
      extensions,
    ),
    extensions,
  )
  expect(html).toMatch(/<th[^>]*><p>語<\/p><\/th>/)
  expect(html).toContain('href="https://example.jp/"')
  expect(html).not.toContain('javascript:')
})

test('furigana is taken off, and its word stays as it is written', () => {
  const editor = new Editor({ extensions, content: '<p><ruby>a&lt;b&gt;<rt>えー</rt></ruby>の仕事</p>' })
  expect(editor.commands.removeRuby()).toBe(false) // nothing is chosen
  editor.commands.setNodeSelection(1)
  expect(editor.commands.removeRuby()).toBe(true)
  expect(editor.getHTML()).toBe('<p>a&lt;b&gt;の仕事</p>')
  editor.destroy()
})
