import { describe, expect, it } from 'vitest'
import { nameOf } from './download'

describe('nameOf', () => {
  it.each([
    [`attachment; filename="__.xlsx"; filename*=UTF-8''%E5%90%8D%E7%B0%BF.xlsx`, '名簿.xlsx'],
    [`attachment; filename="plain.csv"`, 'fallback'],
    [`attachment; filename*=UTF-8''%E5%90`, 'fallback'],
    [null, 'fallback'],
  ])('reads %s', (header, name) => {
    expect(nameOf(header, 'fallback')).toBe(name)
  })
})
