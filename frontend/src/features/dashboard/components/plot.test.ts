import { expect, it } from 'vitest'
import { pointsOf } from './plot'

it('fills in empty days and adds up', () => {
  const points = pointsOf(
    [
      { day: '2026-02-27', count: 3 },
      { day: '2026-03-01', count: 2 },
    ],
    '2026-03-02',
    60,
  )
  expect(points).toHaveLength(14)
  expect(points.slice(-5)).toEqual([
    { day: '2026-02-26', count: 0, sum: 0 },
    { day: '2026-02-27', count: 3, sum: 3 },
    { day: '2026-02-28', count: 0, sum: 3 },
    { day: '2026-03-01', count: 2, sum: 5 },
    { day: '2026-03-02', count: 0, sum: 5 },
  ])
})

it('goes back as far as asked, not further', () => {
  const points = pointsOf([{ day: '2026-01-01', count: 1 }], '2026-03-01', 60)
  expect(points).toHaveLength(60)
  expect(points[0]?.day).toBe('2026-01-01')
})
