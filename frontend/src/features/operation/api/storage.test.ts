import { expect, test } from 'vitest'
import { disksOf, growthOf, isLow } from './storage'

const part = (name: 'database' | 'cache' | 'objects', free: number, total: number) => ({
  name,
  away: false,
  full: false,
  ms: 1,
  room: { free, total },
})

test('parts on one disk are one disk; a part elsewhere has none', () => {
  const one = disksOf([part('database', 5001, 10_000), part('cache', 0, 0), part('objects', 5000, 10_000)])
  expect(one).toEqual([{ parts: ['database', 'objects'], free: 5001, total: 10_000 }])
  const two = disksOf([part('database', 900, 10_000), part('objects', 5000, 10_000)])
  expect(two.map((disk) => disk.parts)).toEqual([['database'], ['objects']])
  expect(two.map(isLow)).toEqual([true, false])
})

test('growth needs two days', () => {
  const day = (at: string, bytes: number, database: number) => ({ day: at, bytes, database })
  expect(growthOf([])).toBeUndefined()
  expect(growthOf([day('2026-04-01', 10, 1)])).toBeUndefined()
  const got = growthOf([day('2026-04-01', 30, 10), day('2026-04-02', 60, 20)])
  expect(got).toMatchObject({ since: '2026-04-01', files: 30, database: 10 })
  expect(got?.days[0]).toEqual({ day: '2026-04-01', files: 0.375, database: 0.125 })
  expect(growthOf([day('2026-04-01', 0, 0), day('2026-04-02', 0, 0)])?.files).toBe(0)
})
