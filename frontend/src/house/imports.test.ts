// @vitest-environment node
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { featureOf, sources } from './sources'

/** Every static and dynamic import of a file, as a path from src; packages are left out. */
function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)
  return [...found]
    .map(([, target = '']) => target)
    .filter((target) => target.startsWith('@/') || target.startsWith('.'))
    .map((target) => (target.startsWith('@/') ? target.slice(2) : posix.join(posix.dirname(path), target)))
}

/** Why an import goes the wrong way; undefined when it goes the right way. */
function wrong(from: string, to: string): string | undefined {
  const feature = featureOf(from)
  const toFeature = featureOf(`${to}/`)
  const fromApp = from.startsWith('app/') || from === 'main.tsx'
  if (to.startsWith('app/') && !fromApp) return 'only the app may import the app'
  if (toFeature && !fromApp && toFeature !== feature) return 'a feature is imported by nobody but the app'
  return undefined
}

describe('import direction: shared, then features, then app', () => {
  const files = sources(/\.tsx?$/)
  it('finds the source', () => expect(files.length).toBeGreaterThan(50))

  it('knows a wrong import when it sees one', () => {
    expect(wrong('features/person/pages/A.tsx', 'features/round/api/list')).toBeDefined()
    expect(wrong('components/A.tsx', 'features/round/api/list')).toBeDefined()
    expect(wrong('features/person/pages/A.tsx', 'app/router')).toBeDefined()
    expect(wrong('features/person/pages/A.tsx', 'features/person/api/list')).toBeUndefined()
  })

  it.each(files.map((file) => [file.path, file] as const))('%s', (_, file) => {
    const faults = importsOf(file.path, file.text)
      .map((to) => wrong(file.path, to) && `${to}: ${wrong(file.path, to)}`)
      .filter(Boolean)
    expect(faults).toEqual([])
  })

  it('has no barrel files', () => {
    expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file.path)).map((file) => file.path)).toEqual([])
  })

  it('writes Japanese only in locales', () => {
    const japanese = /[\u3040-\u30ff\u3400-\u9fff]/
    const stripped = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(files.filter((file) => japanese.test(stripped(file.text))).map((file) => file.path)).toEqual([])
  })
})
