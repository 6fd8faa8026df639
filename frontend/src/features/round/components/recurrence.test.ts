import { expect, test } from 'vitest'
import { draftOfRecurrence, everyMonth, isComplete, longDate, once, planOf } from './recurrence'

test('a plan says only what its kind has', () => {
  expect(planOf(once)).toEqual({ kind: 'once' })
  expect(planOf({ ...once, kind: 'calendar', every: 6 })).toEqual({
    kind: 'calendar',
    months: 6,
    lead_days: 14,
    same_questions: false,
  })
  expect(planOf({ ...once, kind: 'completion', newQuestions: false })).toEqual({
    kind: 'completion',
    months: 12,
    due_days: 30,
    same_questions: true,
  })
})

test('a form begins with what holds', () => {
  const base = { version: 2, newest: 'n' }
  expect(draftOfRecurrence({ ...base, kind: 'once' })).toEqual(once)
  expect(draftOfRecurrence({ ...base, kind: 'completion', months: 24, due_days: 10 })).toEqual({
    ...once,
    kind: 'completion',
    months: 24,
    dueDays: 10,
  })
  const next = { title: '次', starts_on: '2027-04-01', deadline_on: '2027-04-30' }
  expect(draftOfRecurrence({ ...base, kind: 'calendar', months: 3, next })).toEqual({
    ...once,
    kind: 'calendar',
    every: 3,
    leadDays: 0,
  })
})

test('numbers that are still being typed are not sent', () => {
  expect(isComplete({ ...once, kind: 'completion', months: 0 })).toBe(false)
  expect(isComplete({ ...once, kind: 'completion', dueDays: 731 })).toBe(false)
  expect(isComplete({ ...once, kind: 'calendar', leadDays: 91 })).toBe(false)
  expect(isComplete({ ...once, kind: 'calendar', months: 0 })).toBe(true)
})

test('months in which nobody comes are shown too, and what comes later is counted', () => {
  const months = [
    { month: '2026-11', people: 4 },
    { month: '2027-02', people: 1 },
    { month: '2028-12', people: 7 },
  ]
  expect(everyMonth(months, 4)).toEqual({
    shown: [
      { month: '2026-11', people: 4 },
      { month: '2026-12', people: 0 },
      { month: '2027-01', people: 0 },
      { month: '2027-02', people: 1 },
    ],
    later: 7,
  })
  expect(everyMonth([], 4)).toEqual({ shown: [], later: 0 })
})

test('dates in sentences', () => {
  expect(longDate('2027-04-01', 'ja')).toBe('2027年4月1日')
  expect(longDate('2027-04-01', 'en')).toBe('1 April 2027')
})
