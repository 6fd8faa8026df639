import type { Selection } from './types'

/** Chooses a row, or no longer. */
export function toggle(selection: Selection, id: string): void {
  const next = new Set(selection.selected)
  if (!next.delete(id)) next.add(id)
  selection.onChange(next)
}
