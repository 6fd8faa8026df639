import { newKey } from '@/lib/api/idempotency-key'
import type { components } from '@/lib/api/schema'
import { ended, sessionEnd } from '@/lib/api/session-end'
import {
  type AnswerEntry,
  type DeedEntry,
  type Entry,
  openStore,
  type PackageEntry,
  type ProgressEntry,
  putNow,
  type Store,
} from './store'

type ProgressAnswer = components['schemas']['ProgressBody']
type SavedAnswer = components['schemas']['SavedAnswerBody']

/** What the page shows: everything sent, being sent, kept on this device, or waiting for a log-in. */
export type OutboxStatus = 'saved' | 'saving' | 'offline' | 'signin'

export interface OutboxState {
  status: OutboxStatus
  pending: number
}

/** What happened to entries, for the pages that show the result. */
export type OutboxEvent =
  | { kind: 'progress'; answer: ProgressAnswer }
  | { kind: 'answer'; entry: AnswerEntry; saved: SavedAnswer | null; status: number }
  | { kind: 'deed'; path: string; body: Record<string, unknown>; status: number; answer: unknown }

const batchSize = 200
const activitiesAtOnce = 5 // each may carry hundreds of kilobytes

type Sent = 'done' | 'later' | 'signin' | 'other'

/**
 * Sends what a person did, however long that takes: entries wait on the device until the server has confirmed them, over lost
 * networks, closed tabs and ended sessions. Only entries of the person who is logged in are sent; those of somebody else on the same
 * computer wait for them. Sending twice is harmless, the server merges.
 */
export class Outbox {
  private state: OutboxState = { status: 'saved', pending: 0 }
  private readonly watchers = new Set<() => void>()
  private readonly hearers = new Set<(event: OutboxEvent) => void>()
  private running: Promise<void> | undefined
  private again = false
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly ends: (() => void)[] = []

  constructor(
    readonly person: string,
    private readonly store: Store = openStore(),
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Sends what is left from before and listens for the network and for log-ins. */
  start(): void {
    const wake = () => void this.flush()
    addEventListener('online', wake)
    this.ends.push(() => removeEventListener('online', wake))
    this.ends.push(sessionEnd.subscribe(() => !sessionEnd.current() && wake()))
    wake()
  }

  stop(): void {
    clearTimeout(this.timer)
    for (const end of this.ends.splice(0)) end()
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  current = (): OutboxState => this.state

  /** Tells what became of entries. */
  hear(hearer: (event: OutboxEvent) => void): () => void {
    this.hearers.add(hearer)
    return () => this.hearers.delete(hearer)
  }

  /** Keeps a report of the player and sends it. Resolves when it is safe on this device. */
  async progress(report: Omit<ProgressEntry, 'kind' | 'id' | 'person'>): Promise<void> {
    await this.keep({ ...report, kind: 'progress', id: newKey(), person: this.person })
  }

  /** Keeps an answer and sends it. Resolves when it is safe on this device. */
  async answer(answer: Omit<AnswerEntry, 'kind' | 'id' | 'person' | 'at'>): Promise<void> {
    await this.keep({ ...answer, kind: 'answer', id: newKey(), person: this.person, at: Date.now() })
  }

  /** Keeps what a package said and sends it. Resolves when it is safe on this device. */
  async report(launch: string, report: PackageEntry['report']): Promise<void> {
    await this.keep({ kind: 'package', id: newKey(), person: this.person, launch, report, at: report.at })
  }

  /** Keeps something done at one go and sends it; the draft it was made from goes once the server has it. Resolves when it is safe on this device. */
  async deed(path: string, body: Record<string, unknown>, draft?: string): Promise<void> {
    const entry = { kind: 'deed' as const, id: newKey(), person: this.person, path, body, at: Date.now() }
    await this.keep({ ...entry, ...(draft !== undefined && { draft }) })
  }

  /** Whether something done at one go still waits to be sent. */
  async waits(path: string): Promise<boolean> {
    const entries = await this.store.list(this.person)
    return entries.some((one) => one.kind === 'deed' && one.path === path)
  }

  /** The page is going away: keeps the report at once and sends it behind the page's back. */
  last(report: Omit<ProgressEntry, 'kind' | 'id' | 'person'>): void {
    const entry: ProgressEntry = { ...report, kind: 'progress', id: newKey(), person: this.person }
    if (!putNow(entry)) void this.store.put(entry)
    this.post('/api/v1/me/progress', 'POST', this.progressBody([entry]), true)
      .then((response) => (response.ok ? this.store.remove([entry.id]) : undefined))
      .catch(() => undefined) // it is kept
  }

  /** Sends everything there is. Resolves when nothing is left or sending has to wait. */
  flush(): Promise<void> {
    this.again = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
      if (this.again) void this.flush()
    })
    return this.running
  }

  /** Sends what is left from before, for at most so long: what the server is asked next should know of it. */
  async settle(milliseconds: number): Promise<void> {
    const enough = new Promise<void>((done) => setTimeout(done, milliseconds))
    await Promise.race([this.flush(), enough])
  }

  private async keep(entry: Entry): Promise<void> {
    this.show(this.state.status === 'saved' ? 'saving' : this.state.status, this.state.pending + 1)
    await this.store.put(entry)
    void this.flush()
  }

  private show(status: OutboxStatus, pending: number) {
    if (this.state.status === status && this.state.pending === pending) return
    this.state = { status, pending }
    for (const watcher of this.watchers) watcher()
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    while (this.again) {
      this.again = false
      const result = await alone(() => this.round())
      if (result === 'done') continue
      this.again = false
      if (result === 'later') {
        this.failures = Math.min(this.failures + 1, 6)
        this.timer = setTimeout(
          () => void this.flush(),
          1000 * 2 ** this.failures * (0.75 + Math.random() / 2),
        )
      }
      return
    }
  }

  /** Sends all entries once. One tab at a time does this. */
  private async round(): Promise<Sent> {
    let entries = await this.store.list(this.person)
    while (entries.length > 0) {
      this.show(this.state.status === 'saved' ? 'saving' : this.state.status, entries.length)
      const first = entries[0]
      const batch = entries.filter((one) => one.kind === 'progress').slice(0, batchSize)
      const sent =
        first?.kind === 'answer'
          ? await this.sendAnswer(first)
          : first?.kind === 'package'
            ? await this.sendPackage(entries, first)
            : first?.kind === 'deed'
              ? await this.sendDeed(first)
              : await this.sendProgress(batch as ProgressEntry[])
      if (sent !== 'done') {
        this.show(sent === 'signin' ? 'signin' : 'offline', entries.length)
        return sent
      }
      this.failures = 0
      entries = await this.store.list(this.person)
    }
    this.show('saved', 0)
    return 'done'
  }

  private progressBody(entries: ProgressEntry[]) {
    const items = entries.map(({ id, kind: _kind, person: _person, ...item }) => ({ ...item, item_id: id }))
    return { person: this.person, now: Date.now(), items }
  }

  private async sendProgress(entries: ProgressEntry[]): Promise<Sent> {
    const response = await this.post('/api/v1/me/progress', 'POST', this.progressBody(entries)).catch(
      () => null,
    )
    const wait = await waitFor(response)
    if (wait || !response) return wait ?? 'later'
    if (!response.ok && entries.length > 1) return this.oneByOne(entries)
    await this.store.remove(entries.map((entry) => entry.id))
    if (response.ok) this.tell({ kind: 'progress', answer: (await response.json()) as ProgressAnswer })
    return 'done'
  }

  /** The server refused a batch as a whole: a single bad report must not take the others with it. */
  private async oneByOne(entries: ProgressEntry[]): Promise<Sent> {
    for (const entry of entries) {
      const sent = await this.sendProgress([entry])
      if (sent !== 'done') return sent
    }
    return 'done'
  }

  private async sendAnswer(entry: AnswerEntry): Promise<Sent> {
    const path = `/api/v1/me/attempts/${entry.attempt}/answers/${entry.question}`
    const { answer, seq, at } = entry
    const body = { person: this.person, answer, client_seq: seq, at, now: Date.now() }
    const response = await this.post(path, 'PUT', body).catch(() => null)
    const wait = await waitFor(response)
    if (wait || !response) return wait ?? 'later'
    await this.store.remove([entry.id])
    const saved = response.ok ? ((await response.json()) as SavedAnswer) : null
    this.tell({ kind: 'answer', entry, saved, status: response.status })
    return 'done'
  }

  /** Of each activity only what it said last needs to go; what it said before goes with it. */
  private async sendPackage(entries: Entry[], first: PackageEntry): Promise<Sent> {
    const newest = new Map<string, PackageEntry>()
    const settled: string[] = []
    for (const entry of entries) {
      if (entry.kind !== 'package' || entry.launch !== first.launch) continue
      const { activity, client_seq } = entry.report
      if (!newest.has(activity) && newest.size === activitiesAtOnce) continue
      settled.push(entry.id)
      if (client_seq >= (newest.get(activity)?.report.client_seq ?? 0)) newest.set(activity, entry)
    }
    const reports = [...newest.values()].map((entry) => entry.report)
    const body = { person: this.person, now: Date.now(), reports }
    const response = await this.post(`/api/v1/me/launches/${first.launch}/reports`, 'POST', body).catch(
      () => null,
    )
    const wait = await waitFor(response)
    if (wait || !response) return wait ?? 'later'
    await this.store.remove(settled)
    if (response.ok) this.tell({ kind: 'progress', answer: (await response.json()) as ProgressAnswer })
    return 'done'
  }

  private async sendDeed(entry: DeedEntry): Promise<Sent> {
    const now = 'now' in entry.body ? { now: Date.now() } : {}
    const body = { ...entry.body, ...now, person: this.person }
    const response = await this.post(entry.path, 'POST', body).catch(() => null)
    const wait = await waitFor(response)
    if (wait || !response) return wait ?? 'later'
    if (response.ok) dropDraft(entry.draft)
    await this.store.remove([entry.id])
    const answer: unknown = await response.json().catch(() => null)
    if (response.ok && entry.path.includes('/lessons/') && !entry.path.endsWith('/notes'))
      this.tell({ kind: 'progress', answer: answer as ProgressAnswer })
    this.tell({ kind: 'deed', path: entry.path, body: entry.body, status: response.status, answer })
    return 'done'
  }

  private tell(event: OutboxEvent) {
    for (const hearer of this.hearers) hearer(event)
  }

  private post(path: string, method: string, body: unknown, keepalive = false): Promise<Response> {
    return this.send(path, {
      method,
      keepalive,
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  }
}

function dropDraft(key: string | undefined) {
  try {
    if (key !== undefined) localStorage.removeItem(key)
  } catch {
    // Storage is forbidden here, so nothing was kept either.
  }
}

/** Why an answer of the server means waiting; undefined when the matter is settled, for better or worse. */
async function waitFor(response: Response | null): Promise<Sent | undefined> {
  if (!response || response.status >= 500 || response.status === 429 || response.status === 408)
    return 'later'
  if (response.status === 401 || response.status === 403) {
    if (response.status === 401) ended()
    return 'signin'
  }
  if (response.status === 409) {
    const problem = (await response
      .clone()
      .json()
      .catch(() => ({}))) as { key?: string }
    if (problem.key === 'other_person') return 'signin'
  }
  return undefined
}

/** One tab at a time sends; where the browser has no locks two may, which the server does not mind. */
async function alone(work: () => Promise<Sent>): Promise<Sent> {
  return navigator.locks ? await navigator.locks.request('kenshu-outbox', work) : await work()
}
