import { useEffect, useState } from 'react'
import { type Cue, inOrder, merged, parseCaptions, shifted, split } from '@/lib/captions'

const prefix = 'kenshu.cues.'

/** What was typed and not yet saved; kept on this device, so that a closed tab loses nothing. */
function kept(slot: string): Cue[] | undefined {
  try {
    const raw = localStorage.getItem(prefix + slot)
    return raw ? (JSON.parse(raw) as Cue[]) : undefined
  } catch {
    return undefined
  }
}

/** The captions being edited, and everything that can be done with them. A row keeps its key while others move. */
export function useCues(slot: string, text: string) {
  const [rows, setRows] = useState(() => withKeys(kept(slot) ?? parseCaptions(text)))
  const [changed, setChanged] = useState(() => kept(slot) !== undefined)
  const [active, setActive] = useState(0)
  useEffect(() => {
    if (!changed) return
    try {
      localStorage.setItem(
        prefix + slot,
        JSON.stringify(rows.map(({ start, end, text }) => ({ start, end, text }))),
      )
    } catch {
      // without a store only an unsaved change would be lost with the tab
    }
  }, [rows, changed, slot])
  const set = (next: Row[], at = active) => {
    setRows(next)
    setChanged(true)
    setActive(Math.max(0, Math.min(at, next.length - 1)))
  }
  return {
    rows,
    changed,
    active,
    focus: setActive,
    change: (i: number, patch: Partial<Cue>) =>
      set(
        rows.map((row, k) => (k === i ? { ...row, ...patch } : row)),
        i,
      ),
    /** A new caption at a place of the film; three seconds long, or until the next one begins. */
    add: (start: number) => {
      const next = rows.find((row) => row.start > start)
      const end = Math.max(start + 500, Math.min(start + 3000, next?.start ?? start + 3000))
      const made = { start, end, text: '', key: newKey() }
      const all = ordered([...rows, made])
      set(all, all.indexOf(made))
    },
    remove: (i: number) =>
      set(
        rows.filter((_, k) => k !== i),
        i,
      ),
    split: (i: number, at: number) => {
      const row = rows[i]
      if (!row) return
      const [a, b] = split(row, at)
      set([...rows.slice(0, i), { ...a, key: row.key }, { ...b, key: newKey() }, ...rows.slice(i + 1)], i + 1)
    },
    merge: (i: number) => {
      const [row, next] = [rows[i], rows[i + 1]]
      if (row && next)
        set([...rows.slice(0, i), { ...merged(row, next), key: row.key }, ...rows.slice(i + 2)], i)
    },
    shift: (by: number) => set(rows.map((row, i) => ({ ...(shifted(rows, by)[i] as Cue), key: row.key }))),
    order: () => setRows(ordered(rows)),
    replace: (cues: Cue[]) => set(withKeys(cues), 0),
    /** What was typed is saved, or given up. */
    settle: () => {
      localStorage.removeItem(prefix + slot)
      setChanged(false)
    },
  }
}

export type Row = Cue & { key: number }

let last = 0
const newKey = () => ++last
const withKeys = (cues: Cue[]): Row[] => inOrder(cues).map((cue) => ({ ...cue, key: newKey() }))
const ordered = (rows: Row[]): Row[] => [...rows].sort((a, b) => a.start - b.start || a.end - b.end)
