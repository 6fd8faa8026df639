import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { components } from '@/lib/api/schema'

/** What a lesson player has to report. */
export interface ProgressEntry {
  kind: 'progress'
  id: string
  person: string
  enrolment: string
  lesson: string
  position: number
  furthest: number
  seen: [number, number][]
  spent: [number, number][]
  done: boolean
  at: number
}

/** An answer to a question of an attempt. */
export interface AnswerEntry {
  kind: 'answer'
  id: string
  person: string
  attempt: string
  question: string
  answer: string[]
  seq: number
  at: number
}

/** What a package said about one of its activities. */
export interface PackageEntry {
  kind: 'package'
  id: string
  person: string
  launch: string
  report: components['schemas']['PackageReportBody']
  at: number
}

/** Something done at one go: a survey sent, a pledge signed, an attempt handed in. A member `now` becomes the clock at sending. */
export interface DeedEntry {
  kind: 'deed'
  id: string
  person: string
  path: string
  body: Record<string, unknown>
  /** Where the browser keeps what this was made from (localStorage): it goes when the server has taken the deed, and stays when it refuses. */
  draft?: string
  at: number
}

export type Entry = ProgressEntry | AnswerEntry | PackageEntry | DeedEntry

/** Where entries wait. Every tab of the browser sees the same ones. */
export interface Store {
  put(entry: Entry): Promise<void>
  /** The entries of one person, oldest first; those of others stay where they are. */
  list(person: string): Promise<Entry[]>
  remove(ids: string[]): Promise<void>
}

interface Schema extends DBSchema {
  entry: { key: string; value: Entry; indexes: { person: string } }
}

const prefix = 'kenshu.outbox.'

/** Writes at once, before the page goes away; read again together with everything else. False where storage is forbidden or full. */
export function putNow(entry: Entry): boolean {
  try {
    localStorage.setItem(prefix + entry.id, JSON.stringify(entry))
    return true
  } catch {
    return false
  }
}

function readNow(person: string): Entry[] {
  const entries: Entry[] = []
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i)
      const text = key?.startsWith(prefix) ? localStorage.getItem(key) : null
      if (!text) continue
      const entry = JSON.parse(text) as Entry
      if (entry.person === person) entries.push(entry)
    }
  } catch {
    // Storage is forbidden here.
  }
  return entries
}

function removeNow(ids: string[]) {
  try {
    for (const id of ids) localStorage.removeItem(prefix + id)
  } catch {
    // Storage is forbidden here.
  }
}

let opening: Promise<IDBPDatabase<Schema> | null> | undefined

/** Opens the database, once; the first time a browser makes it that takes longer than anything the server is asked. Null where it is missing. */
export function openDatabase(): Promise<IDBPDatabase<Schema> | null> {
  opening ??= openDB<Schema>('kenshu-outbox', 1, {
    upgrade(db) {
      db.createObjectStore('entry', { keyPath: 'id' }).createIndex('person', 'person')
    },
  }).catch(() => null)
  return opening
}

/** Keeps entries in IndexedDB; where that is missing in localStorage, and where both are, in memory. */
export function openStore(): Store {
  const memory = new Map<string, Entry>()
  return {
    async put(entry) {
      const db = await openDatabase()
      try {
        if (db) {
          await db.put('entry', entry)
          return
        }
      } catch {
        // full or forbidden: the other places
      }
      if (!putNow(entry)) memory.set(entry.id, entry)
    },
    async list(person) {
      const db = await openDatabase()
      const kept = db ? await db.getAllFromIndex('entry', 'person', person).catch(() => []) : []
      const all = new Map<string, Entry>()
      for (const entry of [...kept, ...readNow(person), ...memory.values()])
        if (entry.person === person) all.set(entry.id, entry)
      return [...all.values()].sort((a, b) => a.at - b.at)
    },
    async remove(ids) {
      removeNow(ids)
      for (const id of ids) memory.delete(id)
      const db = await openDatabase()
      if (!db) return
      const tx = db.transaction('entry', 'readwrite')
      await Promise.all([...ids.map((id) => tx.store.delete(id)), tx.done])
    },
  }
}
