import { describe, expect, it } from 'vitest'
import { readCatalogueFilter } from './filter'

describe('readCatalogueFilter', () => {
  it('keeps what it knows', () => {
    expect(readCatalogueFilter({ q: '個人', language: 'en', owner: 'own' })).toEqual({
      q: '個人',
      language: 'en',
      owner: 'own',
    })
  })
  it('leaves out what it does not know', () => {
    expect(readCatalogueFilter({ q: '', language: 'xx', owner: 3, other: 'x' })).toEqual({})
    expect(readCatalogueFilter({ q: 'あ'.repeat(200) }).q).toHaveLength(100)
  })
})
