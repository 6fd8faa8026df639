import { expect, test } from 'vitest'
import { kindContext, workByKind } from './work'

test('counts are gathered by kind, trouble first', () => {
  const now = new Date('2026-04-01T09:00:00Z')
  const got = workByKind(
    [
      { kind: 'mail.deliver', state: 'queued', jobs: 3, oldest: '2026-04-01T08:30:00Z' },
      { kind: 'mail.deliver', state: 'running', jobs: 1 },
      { kind: 'round.remind', state: 'queued', jobs: 1, oldest: '2026-04-01T09:05:00Z' },
      { kind: 'asset.probe', state: 'failed', jobs: 2 },
    ],
    now,
  )
  expect(got.map((one) => one.kind)).toEqual(['asset.probe', 'mail.deliver', 'round.remind'])
  expect(got[1]).toEqual({ kind: 'mail.deliver', queued: 3, running: 1, failed: 0, late: 30 })
  expect(got[2]?.late).toBe(-5)
  expect(kindContext('person.import.tick')).toBe('person_import_tick')
})
