import { afterEach, describe, expect, it } from 'vitest'
import { Outbox } from './outbox'
import type { Entry, Store } from './store'

function memoryStore(entries = new Map<string, Entry>()): Store & { entries: Map<string, Entry> } {
  return {
    entries,
    put: async (entry) => void entries.set(entry.id, entry),
    list: async (person) =>
      [...entries.values()].filter((one) => one.person === person).sort((a, b) => a.at - b.at),
    remove: async (ids) => ids.forEach((id) => void entries.delete(id)),
  }
}

const report = {
  enrolment: 'e',
  lesson: 'l',
  position: 5,
  furthest: 5,
  seen: [[0, 5]] as [number, number][],
  spent: [],
  done: false,
  at: 1,
}

interface Call {
  path: string
  body: { person: string; items?: { item_id: string }[]; client_seq?: number; now?: number }
}

/** A server that answers what `answers` say, in order, and the last of them for ever. */
function server(...answers: (number | 'lost' | { status: number; key: string })[]) {
  const calls: Call[] = []
  const send = async (input: RequestInfo | URL, init?: RequestInit) => {
    calls.push({ path: String(input), body: JSON.parse(String(init?.body)) })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === 'lost' || answer === undefined) throw new TypeError('Failed to fetch')
    const status = typeof answer === 'number' ? answer : answer.status
    const body = typeof answer === 'number' ? { items: [], lessons: [], enrolments: [] } : { key: answer.key }
    return new Response(JSON.stringify(body), { status })
  }
  return { calls, send: send as typeof fetch }
}

const boxes: Outbox[] = []
function boxOf(person: string, store: Store, send: typeof fetch) {
  const box = new Outbox(person, store, send)
  boxes.push(box)
  return box
}
afterEach(() => {
  for (const box of boxes.splice(0)) box.stop()
})

describe('outbox', () => {
  it('forgets an entry only after the server has confirmed it', async () => {
    const store = memoryStore()
    const { calls, send } = server('lost', 503, 200)
    const box = boxOf('p1', store, send)
    await box.progress(report)
    await box.flush()
    expect(store.entries.size).toBe(1)
    expect(box.current().status).toBe('offline')
    await box.flush()
    expect(store.entries.size).toBe(1)
    await box.flush()
    expect(store.entries.size).toBe(0)
    expect(box.current()).toEqual({ status: 'saved', pending: 0 })
    expect(new Set(calls.map((call) => call.body.items?.[0]?.item_id)).size).toBe(1)
  })

  it('never sends what another person left on this computer', async () => {
    const store = memoryStore()
    const lost = server('lost')
    const first = boxOf('p1', store, lost.send)
    await first.progress(report)
    await first.flush()
    const { calls, send } = server(200)
    const second = boxOf('p2', store, send)
    await second.flush()
    expect(calls).toEqual([])
    await boxOf('p1', store, send).flush()
    expect(calls.map((call) => call.body.person)).toEqual(['p1'])
    expect(store.entries.size).toBe(0)
  })

  it('keeps the draft of what was done until the server has taken it', async () => {
    const path = '/api/v1/me/enrolments/e/lessons/l/survey'
    localStorage.setItem('draft', 'answers')
    localStorage.setItem('other', 'answers')
    const store = memoryStore()
    const { send } = server('lost', 422, 200)
    const first = boxOf('p1', store, send)
    await first.deed(path, { answers: [] }, 'draft')
    await first.flush()
    expect(localStorage.getItem('draft')).toBe('answers')
    const reloaded = boxOf('p1', store, send) // the entry comes back from the store, as after a reload
    const states: number[] = []
    reloaded.hear((event) => event.kind === 'deed' && states.push(event.status))
    await reloaded.flush()
    expect(states).toEqual([422])
    expect(store.entries.size).toBe(0)
    expect(localStorage.getItem('draft')).toBe('answers')
    await reloaded.deed(path, { answers: [] }, 'draft')
    await reloaded.flush()
    expect(states).toEqual([422, 200])
    expect(localStorage.getItem('draft')).toBeNull()
    expect(localStorage.getItem('other')).toBe('answers')
  })

  it.each([
    ['the session ended', 401],
    ['somebody else is logged in', { status: 409, key: 'other_person' }],
  ])('keeps everything when %s', async (_, answer) => {
    const store = memoryStore()
    const { send } = server(answer, 200)
    const box = boxOf('p1', store, send)
    await box.progress(report)
    await box.flush()
    expect(store.entries.size).toBe(1)
    expect(box.current().status).toBe('signin')
    await box.flush()
    expect(store.entries.size).toBe(0)
  })

  it('sends answers one by one in their order and tells what became of them', async () => {
    const store = memoryStore()
    const { calls, send } = server(200, { status: 409, key: 'attempt_submitted' }, 200)
    const box = boxOf('p1', store, send)
    const heard: number[] = []
    box.hear((event) => event.kind === 'answer' && heard.push(event.status))
    await box.answer({ attempt: 'a', question: 'q1', answer: ['x'], seq: 1 })
    await box.flush()
    await box.answer({ attempt: 'a', question: 'q2', answer: [], seq: 2 })
    await box.flush()
    expect(calls.map((call) => [call.path, call.body.client_seq])).toEqual([
      ['/api/v1/me/attempts/a/answers/q1', 1],
      ['/api/v1/me/attempts/a/answers/q2', 2],
    ])
    expect(heard).toEqual([200, 409])
    expect(store.entries.size).toBe(0)
  })

  it('hands in a test after its answers, by the clock of sending, until the server has it', async () => {
    const store = memoryStore()
    const { calls, send } = server('lost', 200, 'lost', 200)
    const path = '/api/v1/me/attempts/a/submit'
    const box = boxOf('p1', store, send)
    await box.answer({ attempt: 'a', question: 'q1', answer: ['x'], seq: 1 })
    await box.flush()
    await box.deed(path, { now: 0, answers: [{ question: 'q1', answer: ['x'], client_seq: 1, at: 1 }] })
    await box.flush()
    expect(await box.waits(path)).toBe(true)
    const other = server(200)
    await boxOf('p2', store, other.send).flush() // a colleague logs in on this computer meanwhile
    expect(other.calls).toEqual([])
    await box.flush()
    const handedIn = calls.filter((call) => call.path === path).map((call) => call.body)
    expect(handedIn.length).toBe(2)
    expect(handedIn.every((body) => body.person === 'p1' && Number(body.now) > 0)).toBe(true)
    expect(calls.findIndex((call) => call.path === path)).toBe(2)
    expect(store.entries.size).toBe(0)
  })

  it('loses no good report to a bad one in the same batch', async () => {
    const store = memoryStore()
    for (const id of ['a', 'b', 'c']) store.entries.set(id, { ...report, kind: 'progress', id, person: 'p1' })
    const { calls, send } = server(422, 200, 422, 200)
    await boxOf('p1', store, send).flush()
    expect(calls.map((call) => call.body.items?.length)).toEqual([3, 1, 1, 1])
    expect(store.entries.size).toBe(0)
  })

  it('sends hundreds of kept reports in batches that the server takes', async () => {
    const store = memoryStore()
    for (let i = 0; i < 450; i++) {
      const entry: Entry = { ...report, kind: 'progress', id: `i${i}`, person: 'p1', at: i }
      store.entries.set(entry.id, entry)
    }
    const { calls, send } = server(200)
    await boxOf('p1', store, send).flush()
    expect(calls.map((call) => call.body.items?.length)).toEqual([200, 200, 50])
  })
})
