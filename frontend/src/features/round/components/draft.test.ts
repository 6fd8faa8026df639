import { describe, expect, it } from 'vitest'
import { audienceOf, draftOf, emptyAudience, isEmpty, nobody, type RuleDraft, withRules } from './audience'
import { rulesOf } from './chosen'
import { firstDraft, fiscalYear, missingOf } from './draft'

const person: RuleDraft = { kind: 'person', excluded: false, target: 'p', name: '𠮷田', withBelow: false }
const nursing: RuleDraft = {
  kind: 'department',
  excluded: false,
  target: 'd',
  name: '看護部',
  withBelow: false,
}

describe('a round being made', () => {
  it('says what is missing in each step', () => {
    const draft = firstDraft()
    expect(missingOf('course', draft)).toBe('course')
    expect(missingOf('who', draft)).toBeUndefined()
    expect(missingOf('who', { ...draft, audience: nobody })).toBe('who')
    expect(missingOf('dates', draft)).toBe('title')
    const named = { ...draft, title: 'x' }
    expect(missingOf('dates', named)).toBeUndefined()
    expect(missingOf('dates', { ...named, startsOn: '2030-02-02', deadlineOn: '2030-02-01' })).toBe('order')
    expect(missingOf('dates', { ...named, startsOn: '2020-01-01', deadlineOn: '2020-02-01' })).toBe('past')
    expect(missingOf('dates', { ...named, due: { rule: 'joined', days: 0 } })).toBe('dueDays')
    expect(missingOf('dates', { ...named, due: { rule: 'fixed', days: 0 } })).toBeUndefined()
    const again = { ...draft.recurrence, kind: 'completion' as const, months: -1 }
    expect(missingOf('dates', { ...named, recurrence: again })).toBe('recurrence')
    expect(missingOf('confirm', named)).toBeUndefined()
    expect(missingOf('confirm', { ...named, oneMore: false })).toBe('oneMore')
    expect(missingOf('confirm', { ...named, oneMore: true })).toBeUndefined()
  })

  it('counts fiscal years from April', () => {
    expect(fiscalYear('2027-03-31')).toBe(2026)
    expect(fiscalYear('2027-04-01')).toBe(2027)
  })
})

describe('an audience being chosen', () => {
  it('sends only what was chosen', () => {
    expect(audienceOf(emptyAudience)).toEqual({ rules: [{ kind: 'everyone' }], future_joiners: true })
    expect(audienceOf({ rules: [person], futureJoiners: true })).toEqual({
      rules: [{ kind: 'person', target: 'p' }],
    })
    const below = { ...nursing, withBelow: true, excluded: true }
    expect(audienceOf({ rules: [nursing, below], futureJoiners: false })).toEqual({
      rules: [
        { kind: 'department', target: 'd' },
        { kind: 'department', target: 'd', excluded: true, with_below: true },
      ],
      future_joiners: false,
    })
  })

  it('is empty while it only keeps people out', () => {
    expect(isEmpty({ rules: [{ ...nursing, excluded: true }], futureJoiners: true })).toBe(true)
    expect(isEmpty({ rules: [person], futureJoiners: true })).toBe(false)
  })

  it('holds a rule once, as it was chosen last', () => {
    const wide = { ...nursing, withBelow: true }
    expect(withRules([nursing, person], [wide])).toEqual([person, wide])
    expect(withRules([nursing], [{ ...nursing, excluded: true }])).toHaveLength(2)
  })

  it('reads back what the server keeps', () => {
    const kept = {
      kind: 'attribute' as const,
      excluded: true,
      target: 'f',
      target_name: '勤務地',
      with_below: false,
      attribute: 'field' as const,
      value: '大阪',
      future_joiners: true,
    }
    expect(audienceOf({ rules: [draftOf(kept)], futureJoiners: true }).rules).toEqual([
      { kind: 'attribute', excluded: true, target: 'f', attribute: 'field', value: '大阪' },
    ])
  })

  it('makes no rule of what is not complete', () => {
    const chosen = { by: 'department' as const, value: '', below: true, persons: [] }
    expect(rulesOf(chosen, false, [], [])).toEqual([])
    expect(rulesOf({ ...chosen, by: 'everyone' }, true, [], [])).toEqual([])
    expect(rulesOf({ ...chosen, value: 'd' }, false, [{ id: 'd', name: '看護部' }], [])).toEqual([
      { ...nursing, withBelow: true },
    ])
    expect(rulesOf({ ...chosen, by: 'field:gone', value: 'x' }, false, [], [])).toEqual([])
  })
})
