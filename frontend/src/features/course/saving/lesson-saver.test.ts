import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProblemError } from '@/lib/api/problem'
import type { Lesson, Save } from '../api/lessons'
import type { Draft } from './drafts'
import { LessonSaver } from './lesson-saver'

const lesson = (version: number, html: string): Lesson => ({
  id: 'l1',
  course: 'c1',
  kind: 'page',
  title: 't',
  body: { page: { html } },
  version,
  updated_at: '2026-04-01T00:00:00Z',
  threads: 0,
  saved_by: '編集 次郎',
  saved_by_you: false,
})

/** A server with one lesson, as content.Courses.SaveLesson behaves. */
class Server {
  current = lesson(1, '')
  history: string[] = ['']
  seen = new Map<string, Lesson>()
  away = false

  send = async (_: string, save: Save): Promise<Lesson> => {
    if (this.away) throw new ProblemError({ status: 0, title: '', key: 'network' })
    const before = this.seen.get(save.client_save_id)
    if (before) return before
    if (save.base_version !== this.current.version)
      throw new ProblemError({
        status: 409,
        title: '',
        key: 'lesson_changed',
        args: { current: this.current },
      })
    this.current = lesson(save.base_version + 1, save.body.page?.html ?? '')
    this.history.push(this.current.body.page?.html ?? '')
    this.seen.set(save.client_save_id, this.current)
    return this.current
  }
}

function memory() {
  const drafts = new Map<string, Draft>()
  return {
    drafts,
    get: async (id: string) => drafts.get(id),
    put: async (id: string, draft: Draft) => drafts.set(id, draft),
    remove: async (id: string) => drafts.delete(id),
  }
}

const page = (html: string) => ({ body: { page: { html } } })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('typing is saved once, a second after the last key', async () => {
  const server = new Server()
  const shelf = memory()
  const saver = new LessonSaver(lesson(1, ''), shelf, server.send)
  for (const text of ['あ', 'あい', 'あいう']) {
    saver.change(page(text))
    await vi.advanceTimersByTimeAsync(500)
  }
  expect(server.history).toHaveLength(1)
  expect(shelf.drafts.get('l1')?.body.page?.html).toBe('あいう')
  await vi.advanceTimersByTimeAsync(1000)
  expect(server.history).toEqual(['', 'あいう'])
  expect(saver.get().state).toBe('saved')
  expect(shelf.drafts.size).toBe(0)
})

test('without network it is kept here and sent when the network returns', async () => {
  const server = new Server()
  const shelf = memory()
  server.away = true
  const saver = new LessonSaver(lesson(1, ''), shelf, server.send)
  saver.change(page('大切'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(saver.get().state).toBe('kept')
  expect(shelf.drafts.size).toBe(1)
  server.away = false
  await vi.advanceTimersByTimeAsync(3000)
  expect(saver.get().state).toBe('saved')
  expect(server.current.body.page?.html).toBe('大切')
})

test('what a closed browser left behind is taken up, and a save whose answer was lost is no second one', async () => {
  const server = new Server()
  const shelf = memory()
  const first = new LessonSaver(lesson(1, ''), shelf, async (id, save) => {
    await server.send(id, save)
    throw new ProblemError({ status: 0, title: '', key: 'network' })
  })
  first.change(page('届いた'))
  await vi.advanceTimersByTimeAsync(1000)
  first.close()
  const second = new LessonSaver(server.current, shelf, server.send)
  await second.recover()
  expect(second.get().state).toBe('saved')
  expect(server.history).toEqual(['', '届いた'])
})

test('a conflict overwrites nothing; either side can be kept and the other is in the history', async () => {
  for (const choice of ['mine', 'theirs'] as const) {
    const server = new Server()
    const saver = new LessonSaver(lesson(1, ''), memory(), server.send)
    await server.send('l1', { title: 't', ...page('相手'), base_version: 1, client_save_id: 'other' })
    saver.change(page('自分'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(saver.get().state).toBe('conflict')
    expect(saver.get().theirs?.body.page?.html).toBe('相手')
    saver.change(page('自分も'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.current.body.page?.html).toBe('相手')
    await (choice === 'mine' ? saver.keepMine() : saver.keepTheirs())
    expect(saver.get().state).toBe('saved')
    expect(server.current.body.page?.html).toBe(choice === 'mine' ? '自分も' : '相手')
    expect(server.history).toContain('自分も')
    expect(server.history).toContain('相手')
  }
})

test('what is typed while a save is under way is saved after it', async () => {
  const server = new Server()
  let release = () => {}
  const saver = new LessonSaver(lesson(1, ''), memory(), async (id, save) => {
    await new Promise<void>((done) => {
      release = done
    })
    return server.send(id, save)
  })
  saver.change(page('一'))
  await vi.advanceTimersByTimeAsync(1000)
  saver.change(page('一二'))
  release()
  await vi.advanceTimersByTimeAsync(1000)
  release()
  await vi.advanceTimersByTimeAsync(0)
  expect(server.history).toEqual(['', '一', '一二'])
  expect(saver.get().state).toBe('saved')
})
