// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkKeys, flatten, isUsed, usesOf, withoutPlural } from './keys'
import { featureOf, sources } from './sources'

const files = sources(/\.tsx?$/).map(usesOf)
const uses = files.flatMap((file) => file.uses)
const asked = new Set(uses.map((use) => use.key))

function texts(language: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const { path, text } of sources(new RegExp(`locales/(error/)?${language}\\.json$`))) {
    const parsed: object = JSON.parse(text)
    const namespace = path.includes('/error/') ? 'error' : (featureOf(path) ?? 'common')
    for (const key of flatten(parsed)) {
      const value = key
        .split('.')
        .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], parsed)
      all.set(`${namespace}:${key}`, String(value))
    }
  }
  return all
}
const japanese = texts('ja')
const english = texts('en')

/** What texts take from other texts: `$t(sheet_kind.{{kind}})` uses everything below sheet_kind. */
const nested = [...japanese].flatMap(([key, text]) =>
  [...text.matchAll(/\$t\(([^){,]+)/g)].map(([, to = '']) =>
    to.includes(':') ? to : `${key.split(':')[0]}:${to}`,
  ),
)

describe('texts', () => {
  it('are asked for by literal keys only', () => {
    expect(files.flatMap((file) => file.unknown)).toEqual([])
  })

  it.each([
    ['ja', japanese],
    ['en', english],
  ])('are all there in %s', (_, written) => {
    const known = new Set([...written.keys()].map(withoutPlural))
    const missing = uses.filter(({ key }) => {
      if (!key.endsWith('_*')) return !known.has(key) && !known.has(withoutPlural(key))
      return ![...known].some((one) => one.startsWith(key.slice(0, -1)))
    })
    expect(missing).toEqual([])
  })

  it('are the same in both languages', () => {
    const bare = (written: Map<string, string>) => [...new Set([...written.keys()].map(withoutPlural))].sort()
    expect(bare(english)).toEqual(bare(japanese))
  })

  it('are all used', () => {
    const unused = [...japanese.keys()].filter(
      (key) =>
        !/^(common:error\.|error:)/.test(key) &&
        !isUsed(key, asked) &&
        !nested.some((to) => key.startsWith(to)),
    )
    expect(unused).toEqual([])
  })

  it('take the same values in both languages', () => {
    const values = (text: string | undefined) => [...new Set(text?.match(/\{\{\s*\w+/g) ?? [])].sort()
    const different = [...japanese]
      .filter(([key, text]) => english.has(key) && values(text).join() !== values(english.get(key)).join())
      .map(([key]) => key)
    expect(different).toEqual([])
  })

  it('are never empty', () => {
    expect([...japanese, ...english].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })
})

/** What only a start of the server can refuse, in the terminal, and names that only look like a key. */
const neverOnThePage = new Set([
  'mail_url',
  'password_file',
  'password_file_id',
  'password_files',
  'password_change',
  'password_stage',
])

/** Keys that the server can answer (of an internal fault only `internal` leaves it): `fault.New(kind, "key")`, `fault.Wrap(err, kind, "key")`, `check.If(bad, "path", "key")`. */
function serverKeys(): string[] {
  const root = join(import.meta.dirname, '../../..')
  const rooms = ['fault', 'storage', 'tenant', 'content', 'lms', 'server'].map((room) => join(root, room))
  const found = new Set<string>()
  for (const room of rooms.filter(existsSync)) {
    for (const entry of readdirSync(room, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.go') || entry.name.endsWith('_test.go')) continue
      const go = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      for (const [, key = ''] of go.matchAll(
        /fault\.(?:New\(|Wrap\([^"\n]*,\s*)(?!fault\.Internal)[\w.]+,\s*"([a-z0-9_.]+)"[,)]/g,
      ))
        found.add(key)
      for (const key of checkKeys(go)) found.add(key)
      for (const [, key = ''] of go.matchAll(/"((?:password|login_id)_[a-z_]+)"/g)) found.add(key)
    }
  }
  return [...found].filter((key) => !neverOnThePage.has(key)).sort()
}

describe('what the server says', () => {
  it.each(serverKeys())('error.%s has a sentence', (key) => {
    for (const written of [japanese, english])
      expect(written.has(`common:error.${key}`) !== written.has(`error:${key}`)).toBe(true)
  })
})

describe('the reader of keys', () => {
  it('takes the key of a check by its place', () => {
    expect(checkKeys('c.If(in.Locale != "ja" && f("a", 1), "locale", "not_in_list", "x")')).toEqual([
      'not_in_list',
    ])
    expect(checkKeys('c.Add(path+ref.Path, "file_not_ready", "file", a.Name)')).toEqual(['file_not_ready'])
    expect(checkKeys('c.Add(path, key)')).toEqual([])
  })
  const read = (text: string) => usesOf({ path: 'features/x/pages/A.tsx', text })
  it('sees namespaces, choices, contexts and Trans', () => {
    const text = `const {t} = useTranslation('x'); t('a'); t(b ? 'c' : 'common:d'); t('e', { context: f }); <Trans i18nKey="g" />`
    expect(read(text).uses.map((use) => use.key)).toEqual(['x:a', 'x:c', 'common:d', 'x:e_*', 'x:g'])
  })
  it('refuses keys that are made', () => {
    expect(read('t(key)').unknown).toHaveLength(1)
  })
  it('takes contexts and plurals as used', () => {
    expect(isUsed('x:status_passed', new Set(['x:status_*']))).toBe(true)
    expect(isUsed('x:count_other', new Set(['x:count']))).toBe(true)
    expect(isUsed('x:gone', new Set(['x:count']))).toBe(false)
  })
})

/** Words that stand beside a figure by themselves. */
const units = [
  'dashboard:people',
  'dashboard:places',
  'dashboard:messages',
  'mail:people',
  'mail:messages',
  'reminder:unit.people',
  'reminder:unit.mails',
  'round:people',
  'moodle_import:figure.questions',
  'moodle_import:figure.files',
  'moodle_import:figure.left_soon',
  'moodle_import:figure.left_done',
]

describe('figures in English', () => {
  it('are told of one as of one', () => {
    expect(units.filter((key) => english.get(`${key}_one`) === english.get(`${key}_other`))).toEqual([])
    const many = [...english].filter(
      ([key, text]) =>
        key.endsWith('_one') && /\{\{count(, figure)?\}\} (people|rows|files|persons)\b/.test(text),
    )
    expect(many.map(([key]) => key)).toEqual([])
  })

  it('are within brackets of their own script', () => {
    const wide = [...english].filter(([, text]) => /[（）。、！？]/.test(text))
    expect(wide.map(([key]) => key)).toEqual([])
  })
})
