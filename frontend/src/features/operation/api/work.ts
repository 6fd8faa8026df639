import type { Operation } from './operation'

/** The background work of one kind. */
export interface Work {
  kind: string
  queued: number
  running: number
  failed: number
  /** For how many minutes the oldest could have begun; undefined when nothing waits, negative when its time has not come. */
  late?: number
}

/** Gathers the counts by kind, what waits longest first. */
export function workByKind(jobs: Operation['jobs'], now: Date): Work[] {
  const kinds = new Map<string, Work>()
  for (const one of jobs) {
    const work = kinds.get(one.kind) ?? { kind: one.kind, queued: 0, running: 0, failed: 0 }
    work[one.state] = one.jobs
    if (one.oldest) work.late = (now.getTime() - Date.parse(one.oldest)) / 60_000
    kinds.set(one.kind, work)
  }
  return [...kinds.values()].sort(
    (a, b) => b.failed - a.failed || (b.late ?? -1) - (a.late ?? -1) || a.kind.localeCompare(b.kind),
  )
}

/** The name of a kind in the texts: their keys have no dots. */
export const kindContext = (kind: string) => kind.replaceAll('.', '_')
