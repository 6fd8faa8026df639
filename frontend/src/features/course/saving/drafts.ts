import { type DBSchema, openDB } from 'idb'
import type { Body } from '../api/lessons'

/** What was typed and not yet acknowledged by the server. */
export interface Draft {
  title: string
  body: Body
  base: number
  /** Names this content to the server, so that a repeat after a crash is no second save. */
  saveId: string
}

interface Shelf extends DBSchema {
  lesson: { key: string; value: Draft }
}

/** Where unsaved work waits; the browser's own store, or a stand-in in tests. */
export interface DraftShelf {
  get: (lesson: string) => Promise<Draft | undefined>
  put: (lesson: string, draft: Draft) => Promise<unknown>
  remove: (lesson: string) => Promise<unknown>
}

const open = () => openDB<Shelf>('kenshu-drafts', 1, { upgrade: (db) => void db.createObjectStore('lesson') })
let shelf: ReturnType<typeof open> | undefined

function database() {
  shelf ??= open()
  return shelf
}

/** Drafts of one person on this device: another person who logs in here never sees them. */
export function draftsOf(person: string): DraftShelf {
  const key = (lesson: string) => `${person} ${lesson}`
  return {
    get: async (lesson) => (await database()).get('lesson', key(lesson)),
    put: async (lesson, draft) => (await database()).put('lesson', draft, key(lesson)),
    remove: async (lesson) => (await database()).delete('lesson', key(lesson)),
  }
}
