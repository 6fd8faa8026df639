import { describe, expect, it } from 'vitest'
import { audienceOf, emptyAudience, isEmpty } from './audience'
import { firstDraft, fiscalYear, missingOf } from './draft'

describe('a round being made', () => {
  it('says what is missing in each step', () => {
    const draft = firstDraft()
    expect(missingOf('course', draft)).toBe('course')
    expect(missingOf('who', draft)).toBeUndefined()
    expect(missingOf('who', { ...draft, audience: { ...emptyAudience, kind: 'some' } })).toBe('who')
    expect(missingOf('dates', draft)).toBe('title')
    expect(missingOf('dates', { ...draft, title: 'x' })).toBeUndefined()
    expect(
      missingOf('dates', { ...draft, title: 'x', startsOn: '2030-02-02', deadlineOn: '2030-02-01' }),
    ).toBe('order')
    expect(
      missingOf('dates', { ...draft, title: 'x', startsOn: '2020-01-01', deadlineOn: '2020-02-01' }),
    ).toBe('past')
  })

  it('counts fiscal years from April', () => {
    expect(fiscalYear('2027-03-31')).toBe(2026)
    expect(fiscalYear('2027-04-01')).toBe(2027)
  })

  it('sends only what was chosen', () => {
    const some = { ...emptyAudience, kind: 'some' as const, persons: [{ id: 'p', name: '𠮷田' }] }
    expect(audienceOf(emptyAudience)).toEqual({ everyone: true, future_joiners: true })
    expect(audienceOf(some)).toEqual({ departments: [], persons: ['p'] })
    expect(audienceOf({ ...some, departments: ['d'] })).toEqual({
      departments: ['d'],
      persons: ['p'],
      future_joiners: true,
    })
    expect(isEmpty(some)).toBe(false)
  })
})
