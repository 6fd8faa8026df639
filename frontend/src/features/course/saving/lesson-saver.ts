import { newKey } from '@/lib/api/idempotency-key'
import { asProblem, isTemporary, type Problem } from '@/lib/api/problem'
import type { Body, Lesson, Save } from '../api/lessons'
import type { DraftShelf } from './drafts'

/** saved: the server has it. waiting, saving: on its way. kept: the server cannot be reached, it is on this device. conflict, refused: a person must decide. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'kept' | 'conflict' | 'refused'

export interface Snapshot {
  state: SaveState
  title: string
  body: Body
  version: number
  savedAt: string
  /** Counts replacements of the content from outside the fields (history, conflict): editors begin anew. */
  replaced: number
  /** What stands at the server, while state is conflict. */
  theirs?: Lesson
  problem?: Problem
}

const pause = 1000
const retryAfter = [2000, 5000, 10_000, 30_000]

/**
 * Saves one lesson while it is typed: a second after the last key, one save at a time, each with the version it was
 * written on. Until the server acknowledges, the content is in the browser's store. A conflict never overwrites anything.
 */
export class LessonSaver {
  private snapshot: Snapshot
  private listeners = new Set<() => void>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | undefined
  private failures = 0
  private edits = 0
  private saveId = newKey()
  private closed = false

  constructor(
    private readonly lesson: Lesson,
    private readonly shelf: DraftShelf,
    private readonly send: (id: string, save: Save) => Promise<Lesson>,
  ) {
    this.snapshot = {
      state: 'saved',
      title: lesson.title,
      body: lesson.body,
      version: lesson.version,
      savedAt: lesson.updated_at,
      replaced: 0,
    }
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  get = () => this.snapshot

  private set(patch: Partial<Snapshot>) {
    this.snapshot = { ...this.snapshot, ...patch }
    for (const listener of this.listeners) listener()
  }

  /** Takes up what an earlier visit could not save. */
  async recover(): Promise<void> {
    const draft = await this.shelf.get(this.lesson.id).catch(() => undefined)
    if (!draft || this.edits > 0 || this.closed) return
    this.saveId = draft.saveId
    this.edits++
    const { title, body, base } = draft
    this.set({ title, body, version: base, state: 'waiting', replaced: this.snapshot.replaced + 1 })
    await this.flush()
  }

  /** Takes a change of the fields. */
  change(patch: { title?: string; body?: Body }): void {
    this.edits++
    this.saveId = newKey()
    const state = this.snapshot.state === 'conflict' ? 'conflict' : 'waiting'
    this.set({ ...patch, state, ...(state === 'waiting' && { problem: undefined }) } as Partial<Snapshot>)
    this.keep()
    if (state === 'waiting') this.schedule(pause)
  }

  /** Puts other content in (an old revision) and saves it. */
  replace(title: string, body: Body): Promise<void> {
    this.change({ title, body })
    this.set({ replaced: this.snapshot.replaced + 1 })
    return this.flush()
  }

  private keep() {
    const { title, body, version } = this.snapshot
    void this.shelf
      .put(this.lesson.id, { title, body, base: version, saveId: this.saveId })
      .catch(() => undefined)
  }

  private schedule(delay: number) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  /** Saves now what is not saved; resolves when the server has it or cannot be reached. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    if (this.running) await this.running
    const { state } = this.snapshot
    if (state !== 'waiting' && state !== 'kept') return
    this.running = this.save().finally(() => {
      this.running = undefined
    })
    await this.running
    if (this.snapshot.state === 'waiting' && !this.closed) this.schedule(pause)
  }

  private async save(): Promise<void> {
    const edit = this.edits
    const { title, body, version } = this.snapshot
    this.set({ state: 'saving' })
    try {
      const saved = await this.send(this.lesson.id, {
        title,
        body,
        base_version: version,
        client_save_id: this.saveId,
      })
      this.failures = 0
      const done = edit === this.edits
      this.set({ version: saved.version, savedAt: saved.updated_at, state: done ? 'saved' : 'waiting' })
      if (done) await this.shelf.remove(this.lesson.id).catch(() => undefined)
      else this.keep()
    } catch (error) {
      this.failed(asProblem(error))
    }
  }

  private failed(problem: Problem) {
    const theirs = problem.args?.current as Lesson | undefined
    if (problem.status === 409 && theirs) {
      this.set({ state: 'conflict', theirs, problem })
    } else if (isTemporary(problem) || problem.status === 401) {
      this.set({ state: 'kept', problem })
      const delay = retryAfter[Math.min(this.failures++, retryAfter.length - 1)] ?? 30_000
      if (!this.closed) this.schedule(delay)
    } else {
      this.set({ state: 'refused', problem })
    }
  }

  /** Ends a conflict with one's own words: theirs stay in the history. */
  async keepMine(): Promise<void> {
    const { theirs } = this.snapshot
    if (!theirs) return
    this.saveId = newKey()
    this.set({
      state: 'waiting',
      version: theirs.version,
      theirs: undefined,
      problem: undefined,
    } as Partial<Snapshot>)
    this.keep()
    await this.flush()
  }

  /** Ends a conflict with the other's words: one's own go into the history first, so that nothing is lost. */
  async keepTheirs(): Promise<void> {
    const { theirs } = this.snapshot
    if (!theirs) return
    await this.keepMine()
    if (this.snapshot.state !== 'saved') return
    await this.replace(theirs.title, theirs.body)
  }

  /** The editor is left: what is unsaved is sent; what cannot be sent stays on the device. */
  close(): void {
    this.closed = true
    void this.flush()
  }
}
