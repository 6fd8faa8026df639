import { expect, it } from 'vitest'
import { percentOf } from './percent'

it('takes the nearest, and 100 only for all', () => {
  expect([
    percentOf(2, 3),
    percentOf(1, 3),
    percentOf(1, 2),
    percentOf(1, 8),
    percentOf(199, 200),
    percentOf(9999, 10000),
    percentOf(5, 5),
    percentOf(6, 5),
    percentOf(0, 7),
    percentOf(0, 0),
  ]).toEqual([67, 33, 50, 13, 99, 99, 100, 100, 0, 0])
})
