import { describe, expect, it } from 'vitest'
import { readFrameMessage } from './package-bridge'

const report = {
  activity: 'one',
  client_seq: 1,
  cmi: '{}',
  completion: 'completed',
  success: 'unknown',
  score: { scaled: 0.5 },
  seconds: 1,
  at: 1,
}

describe('messages of a package frame', () => {
  it('takes a report and nothing that came with it', () => {
    const said = readFrameMessage({
      type: 'report',
      report: { ...report, person: 'x', score: { scaled: 1, evil: 1 } },
    })
    expect(said).toEqual({ type: 'report', report: { ...report, score: { scaled: 1 } } })
  })

  it.each([
    ['nothing', null],
    ['text', 'report'],
    ['another kind', { type: 'login', password: 'x' }],
    ['no report', { type: 'report' }],
    ['another completion', { type: 'report', report: { ...report, completion: 'yes' } }],
    ['no number', { type: 'report', report: { ...report, client_seq: Number.NaN } }],
    ['endless time', { type: 'report', report: { ...report, seconds: Number.POSITIVE_INFINITY } }],
    ['an endless name', { type: 'report', report: { ...report, activity: 'a'.repeat(300) } }],
    ['too much state', { type: 'report', report: { ...report, cmi: 'a'.repeat(500_000) } }],
    ['an object for state', { type: 'report', report: { ...report, cmi: {} } }],
    ['contents that are none', { type: 'place', place: { current: 'a', items: [{ id: {} }] } }],
  ])('takes no %s', (_, data) => {
    expect(readFrameMessage(data)).toBeUndefined()
  })

  it('takes contents as text only', () => {
    const place = { current: 'a', items: [{ id: 'a', title: '<b>', depth: 99, open: 1 }], previous: 'yes' }
    expect(readFrameMessage({ type: 'place', place })).toEqual({
      type: 'place',
      place: {
        current: 'a',
        items: [{ id: 'a', title: '<b>', depth: 20, open: false, group: false, done: false }],
        previous: false,
        next: false,
      },
    })
  })
})
