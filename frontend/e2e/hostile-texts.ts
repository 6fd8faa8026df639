// What an attacker, a careless export or an unlucky name puts into every field.

/** The global that every script among the texts would set. */
export const marker = 'kenshuHostile'

const run = `window.${marker}=1`

/** Texts that fit where a name fits. Each is to be read on the page exactly as it stands here. */
export const hostile = {
  image: `<img src=x onerror="${run}">`,
  script: `"><script>${run}</script>`,
  svg: `<svg onload=${run}></svg>'-->`,
  link: `[読む](javascript:${run}) javascript:${run}`,
  markup: '</td></table></title><h1>題</h1><base href=//evil.example>',
  attribute: `' autofocus onfocus=${run} x="`,
  bidi: '\u202Egnp.exe\u202C \u2067\u202Eשלום\u202C',
  zeroWidth: 'ゼロ\u200B幅\u200D文\u2060字',
  stacked: `Ź${'\u0301\u0316\u0489'.repeat(20)}`,
  fourBytes: '𠮷野 𩸽子 葛\u{E0100}城 👨‍👩‍👧‍👦',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  braces: '{{name}} {{count}} $t(common:nav.people) {0} ${name}',
  format: '%s %d %00 %2e%2e%2f %n',
  formula: `=1+1 @SUM(A1) +cmd|' /C calc'!A0`,
  entities: '&lt;b&gt;&amp;nbsp;&#60;i&#62; \\u003cb\\u003e',
  sql: `'; DROP TABLE person; --`,
} as const

export type HostileName = keyof typeof hostile

export const hostileNames = Object.keys(hostile) as HostileName[]

/** What a name is kept as: characters that nobody sees and that turn the line around are left out. */
export const kept = (name: string) => name.replace(/[\u200B\uFEFF\u202A-\u202E\u2066-\u2069]/g, '')

/** A word that no line can break. */
export const unbroken = (letters: number) => 'W'.repeat(letters)

/** Lines, tabs and all of the above, where a field takes a whole text. */
export const hostileStory = [...Object.values(hostile), unbroken(500)].join('\n\n')
