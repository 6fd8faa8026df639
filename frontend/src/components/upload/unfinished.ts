/** What is remembered of an upload that a closed browser left unfinished. */
export interface Unfinished {
  upload: string
  name: string
  size: number
  /** Sum of the first bytes: a file of the same name and size may still be another. */
  head: string
}

const prefix = 'kenshu.upload.'
const headBytes = 64 * 1024

/** Name, size and beginning of a file. The sum is FNV-1a, because crypto.subtle is missing on plain http. */
export async function fingerprint(file: File): Promise<Omit<Unfinished, 'upload'>> {
  const bytes = new Uint8Array(await file.slice(0, headBytes).arrayBuffer())
  let sum = 0x811c9dc5
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return { name: file.name, size: file.size, head: sum.toString(16) }
}

/** True when file is the one whose upload was begun. */
export async function isSame(file: File, unfinished: Unfinished): Promise<boolean> {
  if (file.name !== unfinished.name || file.size !== unfinished.size) return false
  return (await fingerprint(file)).head === unfinished.head
}

export function remember(slot: string, unfinished: Unfinished): void {
  try {
    localStorage.setItem(prefix + slot, JSON.stringify(unfinished))
  } catch {
    // without a store the upload only cannot be taken up by another visit
  }
}

export function forget(slot: string): void {
  localStorage.removeItem(prefix + slot)
}

export function unfinishedOf(slot: string): Unfinished | undefined {
  try {
    const raw = localStorage.getItem(prefix + slot)
    return raw ? (JSON.parse(raw) as Unfinished) : undefined
  } catch {
    return undefined
  }
}
