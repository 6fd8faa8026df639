import type { FrameMessage, OpenedPackage, PackageReport } from '@/lib/package-bridge'

/** What scorm-again hands over at a commit. */
export interface Committed {
  completionStatus?: string
  successStatus?: string
  totalTimeSeconds?: number
  score?: { scaled?: number; raw?: number; min?: number; max?: number }
  runtimeData?: { cmi?: unknown }
}

/** What the package as a whole says; its activity has no name. */
export const whole = ''

type Said = Omit<PackageReport, 'client_seq' | 'at'>

/**
 * Hands on what activities say: to the page, which keeps it until the server has it, and when the window is closing straight to the server as well, because the
 * page may be gone before it hears.
 */
export class Reports {
  private seq = 0
  private readonly waiting = new Map<string, PackageReport>()
  private readonly last = new Map<string, string>()
  private closing = false

  constructor(
    private readonly opened: OpenedPackage,
    private readonly post: (message: FrameMessage) => void,
    private readonly beacon: (body: string) => boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** An activity was committed; `before` are the seconds it had from earlier launches. */
  commit(activity: string, committed: Committed, before: number): void {
    const { completionStatus, successStatus, totalTimeSeconds, score, runtimeData } = committed
    this.say({
      activity,
      cmi: JSON.stringify(runtimeData?.cmi ?? {}),
      completion:
        completionStatus === 'completed' || completionStatus === 'incomplete' ? completionStatus : 'unknown',
      success: successStatus === 'passed' || successStatus === 'failed' ? successStatus : 'unknown',
      score: figures(score),
      seconds: Math.max(0, (totalTimeSeconds ?? 0) - before),
    })
  }

  say(said: Said): void {
    const same = JSON.stringify(said)
    if (this.last.get(said.activity) === same) return
    this.last.set(said.activity, same)
    const at = this.now()
    this.seq = Math.max(this.seq + 1, at) // grows over reloads of the frame too
    const report: PackageReport = { ...said, client_seq: this.seq, at }
    this.waiting.set(said.activity, report)
    this.post({ type: 'report', report })
    if (this.closing) this.send()
  }

  /** The page has it safe. */
  kept(activity: string, seq: number): void {
    if ((this.waiting.get(activity)?.client_seq ?? Number.POSITIVE_INFINITY) <= seq)
      this.waiting.delete(activity)
  }

  /** The window is closing: what the page has not confirmed goes to the server from here, now and as it comes. */
  close(): void {
    this.closing = true
    this.send()
  }

  /** The window came back. */
  back(): void {
    this.closing = false
  }

  private send() {
    if (!this.opened.launch) return
    for (const report of this.waiting.values())
      this.beacon(JSON.stringify({ now: this.now(), reports: [report] }))
  }
}

function figures(score: Committed['score']): PackageReport['score'] {
  const out: PackageReport['score'] = {}
  for (const name of ['scaled', 'raw', 'min', 'max'] as const) {
    const value = Number(score?.[name])
    if (score?.[name] !== undefined && Number.isFinite(value)) out[name] = value
  }
  return out
}
