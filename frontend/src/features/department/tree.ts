import type { Department } from './api/departments'

/** One line of the tree as it is shown. */
export interface TreeRow {
  department: Department
  open: boolean
  hasBelow: boolean
  /** Place among those of the same parent, from 1, and how many these are. */
  place: number
  siblings: number
}

function parentsOf(list: Department[]): Map<string, Department[]> {
  const below = new Map<string, Department[]>()
  for (const one of list) {
    const key = one.parent_id ?? ''
    below.set(key, [...(below.get(key) ?? []), one])
  }
  return below
}

/** What is open at first: everything while it fits a screen, the uppermost otherwise. */
export function openAtFirst(list: Department[]): Set<string> {
  return new Set(list.filter((one) => list.length <= 40 || one.depth < 2).map((one) => one.id))
}

/** The lines to show. With a search: what matches, with what is above it. */
export function rowsOf(list: Department[], open: ReadonlySet<string>, search: string): TreeRow[] {
  const word = fold(search)
  const found = word ? matching(list, word) : undefined
  const below = parentsOf(found ? list.filter((one) => found.has(one.id)) : list)
  const rows: TreeRow[] = []
  const place = (parent: string) => {
    const siblings = below.get(parent) ?? []
    for (const [index, department] of siblings.entries()) {
      const hasBelow = below.has(department.id)
      const isOpen = hasBelow && (found !== undefined || open.has(department.id))
      rows.push({ department, open: isOpen, hasBelow, place: index + 1, siblings: siblings.length })
      if (isOpen) place(department.id)
    }
  }
  place('')
  return rows
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase().trim()

function matching(list: Department[], word: string): Set<string> {
  const parent = new Map(list.map((one) => [one.id, one.parent_id]))
  const found = new Set<string>()
  for (const one of list) {
    if (!fold(one.name).includes(word)) continue
    for (let at: string | undefined = one.id; at && !found.has(at); at = parent.get(at)) found.add(at)
  }
  return found
}

/** Ids of a department and everything below it. */
export function under(list: Department[], id: string): Set<string> {
  const ids = new Set([id])
  for (const one of list) if (one.parent_id && ids.has(one.parent_id)) ids.add(one.id)
  return ids
}
