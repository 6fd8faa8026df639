/** One run of a comparison: in both, only in the old, only in the new. */
export interface Run<T> {
  kind: 'same' | 'old' | 'new'
  items: T[]
}

/** Above so many comparisons two lists are taken as wholly different: the page must answer at once. */
const maxWork = 4_000_000

/** What two lists have in common, in order (longest common subsequence), with equal beginnings and ends taken off first. */
export function compare<T>(before: T[], after: T[], key: (item: T) => string): Run<T>[] {
  const a = before.map(key)
  const b = after.map(key)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const runs: Run<T>[] = []
  const add = (kind: Run<T>['kind'], item: T) => {
    const last = runs.at(-1)
    if (last?.kind === kind) last.items.push(item)
    else runs.push({ kind, items: [item] })
  }
  for (const item of after.slice(0, head)) add('same', item)
  middle(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
    a.slice(head, a.length - tail),
    b.slice(head, b.length - tail),
    add,
  )
  for (const item of after.slice(after.length - tail)) add('same', item)
  return runs
}

function middle<T>(
  before: T[],
  after: T[],
  a: string[],
  b: string[],
  add: (kind: Run<T>['kind'], item: T) => void,
) {
  const wide = b.length + 1
  if (a.length * b.length > maxWork || a.length === 0 || b.length === 0) {
    for (const item of before) add('old', item)
    for (const item of after) add('new', item)
    return
  }
  const length = new Uint32Array((a.length + 1) * wide)
  const at = (i: number, j: number) => length[i * wide + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', after[j] as T)
      i++
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) add('old', before[i++] as T)
    else add('new', after[j++] as T)
  }
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' })

/** The words of a text; Japanese too, which has no spaces between them. */
export function words(text: string): string[] {
  return Array.from(segmenter.segment(text), (one) => one.segment)
}

/** How much two texts have in common, 0 to 1: what was changed a little is shown as changed, not as taken out and put in. */
export function likeness(a: string, b: string): number {
  const one = words(a)
  const two = words(b)
  if (one.length + two.length === 0) return 1
  const same = compare(one, two, (word) => word)
    .filter((run) => run.kind === 'same')
    .reduce((sum, run) => sum + run.items.length, 0)
  return (2 * same) / (one.length + two.length)
}

/** A line of a lesson on both sides: unchanged, changed, taken out or put in. */
export interface Pair {
  before: string | undefined
  after: string | undefined
}

/** The lines of two versions beside each other; a line that was only changed stands beside what it was. */
export function pairs(before: string[], after: string[]): Pair[] {
  const out: Pair[] = []
  const runs = compare(before, after, (line) => line)
  for (let n = 0; n < runs.length; n++) {
    const run = runs[n]
    const next = runs[n + 1]
    if (run?.kind === 'same') out.push(...run.items.map((line) => ({ before: line, after: line })))
    else if (run?.kind === 'old' && next?.kind === 'new') {
      out.push(...match(run.items, next.items))
      n++
    } else if (run?.kind === 'old') out.push(...run.items.map((line) => ({ before: line, after: undefined })))
    else if (run) out.push(...run.items.map((line) => ({ before: undefined, after: line })))
  }
  return out
}

/** Puts each new line beside the next old one that it is like. */
function match(before: string[], after: string[]): Pair[] {
  const out: Pair[] = []
  let from = 0
  for (const line of after) {
    const found = before.findIndex((old, place) => place >= from && likeness(old, line) >= 0.5)
    if (found < 0) {
      out.push({ before: undefined, after: line })
      continue
    }
    out.push(...before.slice(from, found).map((old) => ({ before: old, after: undefined })))
    out.push({ before: before[found], after: line })
    from = found + 1
  }
  return [...out, ...before.slice(from).map((old) => ({ before: old, after: undefined }))]
}
