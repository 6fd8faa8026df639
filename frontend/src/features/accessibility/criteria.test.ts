import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { criteria } from './criteria'
import en from './locales/en.json'
import ja from './locales/ja.json'
import result from './result.json'

describe('the result of the accessibility test', () => {
  it('goes through every criterion of level A and AA once', () => {
    const ids = criteria.map(({ id }) => id)
    expect(new Set(ids).size).toBe(38)
    expect(criteria.filter(({ level }) => level === 'A')).toHaveLength(25)
    expect(
      Object.keys(ja)
        .filter((key) => key.startsWith('name_'))
        .map((key) => key.slice(5)),
    ).toEqual(ids.map((id) => id.replaceAll('.', '_')))
    expect(
      Object.keys(en)
        .filter((key) => key.startsWith('name_'))
        .map((key) => key.slice(5)),
    ).toEqual(
      Object.keys(ja)
        .filter((key) => key.startsWith('name_'))
        .map((key) => key.slice(5)),
    )
  })

  it('was run over every page that there is (make access)', () => {
    const table = readFileSync('src/app/routes.tsx', 'utf8')
    const paths = [...table.matchAll(/(?:\bpath: |departmentPlan\(|verify\()'(\/[^']*)'/g)].map(
      ([, path]) => path,
    )
    expect(result.pages).toEqual([...new Set(paths)].sort())
  })
})
