import { describe, expect, it } from 'vitest'
import { dayProblem, insertAt, isMoved, mailsOf, withDay, withoutDay } from './plan'

const plan = { at_assignment: true, days: [-7, -1, 0], hour: 8, weekdays_only: false }

describe('plan', () => {
  it('keeps days in order, each once', () => {
    expect(withDay(plan, -3).days).toEqual([-7, -3, -1, 0])
    expect(withDay(plan, 0).days).toEqual([-7, -1, 0])
    expect(withoutDay(plan, -1).days).toEqual([-7, 0])
  })
  it('counts the mail at assignment', () => {
    expect(mailsOf(plan)).toBe(4)
    expect(mailsOf({ ...plan, at_assignment: false })).toBe(3)
  })
  it('tells why a day cannot be added', () => {
    expect(dayProblem(plan, 3)).toBeUndefined()
    expect(dayProblem(plan, 0)).toBe('twice')
    expect(dayProblem(plan, 91)).toBe('far')
    expect(dayProblem(plan, Number.NaN)).toBe('far')
    expect(dayProblem(withDay(plan, 3), 5)).toBe('full')
  })
  it('tells a mail that a weekend moved', () => {
    expect(isMoved({ kind: 'before', left: 8, planned: -7 })).toBe(true)
    expect(isMoved({ kind: 'before', left: 7, planned: -7 })).toBe(false)
    expect(isMoved({ kind: 'after', left: -5, planned: 3 })).toBe(true)
    expect(isMoved({ kind: 'today', left: 0, planned: 0 })).toBe(false)
    expect(isMoved({ kind: 'assigned', left: 9, planned: 0 })).toBe(false)
    expect(isMoved({ kind: 'before' })).toBe(false)
  })
  it('puts a placeholder where the cursor stands', () => {
    expect(insertAt('a  b', 'name', 2, 2)).toEqual(['a {{name}} b', 10])
    expect(insertAt('a XX b', 'due', 2, 4)).toEqual(['a {{due}} b', 9])
  })
})
