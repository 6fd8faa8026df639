import { expect, it } from 'vitest'
import { join, type Report, Tracker } from './tracker'

function tracked() {
  let now = 1_000_000
  const reports: Report[] = []
  const tracker = new Tracker(
    { enrolment: 'e', lesson: 'l' },
    0,
    (one) => reports.push(one),
    () => now,
  )
  return { tracker, reports, wait: (ms: number) => (now += ms) }
}

it('joins stretches that touch', () => {
  expect(
    join([
      [5, 7],
      [0, 5],
      [9, 10],
      [6, 6],
    ]),
  ).toEqual([
    [0, 7],
    [9, 10],
  ])
})

it('reports only what is new, with the time somebody was there', () => {
  const { tracker, reports, wait } = tracked()
  tracker.sign()
  wait(4000)
  tracker.show(0, 4000)
  tracker.moveTo(4000)
  tracker.flush()
  tracker.flush()
  wait(1000)
  tracker.pause()
  wait(60_000)
  tracker.finish()
  expect(reports.map((one) => [one.seen, one.spent, one.position, one.done])).toEqual([
    [[[0, 4000]], [[1_000_000, 1_004_000]], 4000, false],
    [[], [[1_004_000, 1_005_000]], 4000, true],
  ])
})
