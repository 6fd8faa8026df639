import type { ProgressEntry } from '@/lib/outbox/store'

/** What the tracker hands to the outbox. */
export type Report = Omit<ProgressEntry, 'kind' | 'id' | 'person'>

type Span = [number, number]

/** Joins touching stretches, in order. */
export function join(spans: Span[], gap = 0): Span[] {
  const out: Span[] = []
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from - last[1] <= gap) last[1] = Math.max(last[1], to)
    else if (to > from) out.push([from, to])
  }
  return out
}

/** How long somebody who does nothing is still taken to be reading, in milliseconds. */
const idle = 120_000
const every = 10_000

/**
 * Notes what is shown of one lesson and when somebody is there, and reports it every ten seconds and when the page is left. A report says
 * only what is new; the server puts them together.
 */
export class Tracker {
  private seen: Span[] = []
  private spent: Span[] = []
  private position: number
  private furthest = 0
  private done = false
  private changed = false
  private since: number | undefined
  private lastSign = 0
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly ids: { enrolment: string; lesson: string },
    start: number,
    private readonly report: (report: Report) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.position = start
  }

  /** Begins to count time. */
  start(): void {
    this.sign()
    this.timer = setInterval(() => this.tick(), every)
  }

  /** Somebody is there: a key, a touch, a playing video. Counts while the page is visible. */
  sign(): void {
    this.lastSign = this.now()
    this.since ??= this.lastSign
  }

  /** The page is hidden or left: nobody is there. */
  pause(): void {
    this.countTo(this.now())
    this.since = undefined
  }

  moveTo(position: number): void {
    const at = Math.max(0, Math.round(position))
    if (at === this.position) return
    this.position = at
    this.furthest = Math.max(this.furthest, at)
    this.changed = true
  }

  show(from: number, to: number): void {
    if (to <= from) return
    this.seen = join([...this.seen, [Math.round(from), Math.round(to)]])
    this.changed = true
  }

  finish(): void {
    if (this.done) return
    this.done = true
    this.changed = true
    this.flush()
  }

  /** Reports what is new. */
  flush(): void {
    const report = this.take()
    if (report) this.report(report)
  }

  /** What is new, for a page that is going away; nothing when there is nothing. */
  take(): Report | undefined {
    this.countTo(this.now())
    if (!this.changed && this.spent.length === 0) return undefined
    const report: Report = {
      ...this.ids,
      position: this.position,
      furthest: this.furthest,
      seen: this.seen,
      spent: join(this.spent),
      done: this.done,
      at: this.now(),
    }
    this.seen = []
    this.spent = []
    this.changed = false
    return report
  }

  stop(): void {
    clearInterval(this.timer)
    this.pause()
    this.flush()
  }

  private tick() {
    if (this.since !== undefined && this.now() - this.lastSign > idle) {
      this.countTo(this.lastSign + idle)
      this.since = undefined
    }
    this.flush()
  }

  private countTo(until: number) {
    if (this.since === undefined || until <= this.since) return
    this.spent.push([this.since, until])
    this.since = until
  }
}
