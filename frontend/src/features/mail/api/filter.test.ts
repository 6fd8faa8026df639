import { describe, expect, it } from 'vitest'
import { readMailFilter } from './filter'

describe('readMailFilter', () => {
  it('keeps what it knows and drops the rest', () => {
    const round = '0197b5e2-0000-7000-8000-000000000001'
    expect(
      readMailFilter({ state: 'failed', round, from: '2026-04-01', to: 'x', person: 7, evil: 1 }),
    ).toEqual({
      state: 'failed',
      round,
      from: '2026-04-01',
    })
    expect(readMailFilter({ state: '<script>' })).toEqual({})
  })
})
