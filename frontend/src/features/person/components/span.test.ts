import { expect, test } from 'vitest'
import { barsOf } from './span'

test('courses lie on one line of time', () => {
  expect(
    barsOf([
      { starts_on: '2026-04-01', due_on: '2026-04-11', completed_at: '2026-04-06T00:00:00Z' },
      { starts_on: '2026-04-11', due_on: '2026-04-21' },
    ]),
  ).toEqual([
    { from: 0, to: 0.5, done: 0.25 },
    { from: 0.5, to: 1 },
  ])
})

test('a completion after the due day makes the line longer, a single day is no division by nothing', () => {
  const [late] = barsOf([
    { starts_on: '2026-04-01', due_on: '2026-04-02', completed_at: '2026-04-03T00:00:00Z' },
  ])
  expect(late).toEqual({ from: 0, to: 0.5, done: 1 })
  expect(barsOf([{ starts_on: '2026-04-01', due_on: '2026-04-01' }])).toEqual([{ from: 0, to: 0 }])
})
