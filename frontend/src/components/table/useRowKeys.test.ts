import { describe, expect, it } from 'vitest'
import { rowAfterKey } from './useRowKeys'

describe('rowAfterKey', () => {
  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['PageDown', 95, 99],
    ['PageUp', 15, 5],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['a', 50, undefined],
  ])('%s from %d of 100', (key, current, next) => expect(rowAfterKey(key, current, 100)).toBe(next))
})
