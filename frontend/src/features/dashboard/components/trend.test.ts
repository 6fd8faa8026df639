import { expect, it } from 'vitest'
import type { Trend } from '../api/dashboard'
import { endOf, rateOf, shapeOf, someOf } from './trend'

const trend = (deadline_on: string, ...days: [string, number, number][]): Trend => ({
  round_id: 'r',
  title: '研修',
  starts_on: '2026-04-01',
  deadline_on,
  due_rule: 'fixed',
  due_last: deadline_on,
  days: days.map(([day, completed, assigned]) => ({ day, completed, assigned, overdue: 0 })),
})

it('says 100 only when everybody has completed', () => {
  expect(rateOf({ completed: 199, assigned: 200 })).toBe(99)
  expect(rateOf({ completed: 2, assigned: 3 })).toBe(67)
})

it('ends with the last who is left where everybody has a day of their own', () => {
  const round = { ...trend('2027-03-31'), due_rule: 'joined' as const, due_last: '2026-05-02' }
  expect(endOf(round)).toBe('2026-05-02')
  expect(endOf({ ...round, due_rule: 'fixed' })).toBe('2027-03-31')
})

it('ends at the deadline and leads there at the pace of the forecast', () => {
  const shape = shapeOf(trend('2026-04-11', ['2026-04-01', 0, 10], ['2026-04-03', 4, 8]), {
    round_id: 'r',
    days: 3,
    recent: 2,
    until: '2026-04-11',
    days_left: 9,
    late: 1,
  })
  expect(shape).toEqual({
    points: [
      { at: 0, day: '2026-04-01', rate: 0 },
      { at: 2, day: '2026-04-03', rate: 50 },
    ],
    span: 10,
    deadline: 10,
    ahead: { at: 10, day: '2026-04-11', rate: 100 },
  })
})

it('goes on after a deadline that has passed, and leads nowhere', () => {
  const shape = shapeOf(trend('2026-04-02', ['2026-04-01', 0, 10], ['2026-04-05', 4, 10]), undefined)
  expect(shape).toMatchObject({ span: 4, deadline: 1, ahead: undefined })
})

it('draws nothing where nobody is assigned', () => {
  expect(shapeOf(trend('2026-04-30', ['2026-04-01', 0, 0]), undefined)).toBeUndefined()
})

it('takes some days for the table, with both ends', () => {
  expect(someOf([1, 2, 3], 5)).toEqual([1, 2, 3])
  expect(someOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10])
})
