import { expect, it } from 'vitest'
import { countdownTo, type DueOfRound } from './round-due'

const today = '2026-04-10'
const round = (more: Partial<DueOfRound>): DueOfRound => ({
  due_rule: 'joined',
  due_days: 14,
  deadline_on: '2027-03-31',
  ...more,
})

it('counts to the next who is due, not to the end of the round', () => {
  expect(
    countdownTo(round({ due_first: '2026-04-02', due_next: '2026-04-15', due_last: '2026-05-02' }), today),
  ).toBe('2026-04-15')
  expect(countdownTo(round({}), today)).toBe('2027-03-31')
  expect(countdownTo(round({ due_first: '2026-04-02', due_last: '2026-04-02' }), today)).toBeUndefined()
  expect(
    countdownTo(round({ due_rule: 'fixed', deadline_on: '2026-04-01', due_first: '2026-04-01' }), today),
  ).toBe('2026-04-01')
})
