// What the browser tests of packages share: calls of the API, a course made of packages, and the way into the frame where a package runs.
import { strict as assert } from 'node:assert'
import type { APIRequestContext, BrowserContext, Frame, Page } from 'playwright-core'
import type { Installation, Login } from './installation'

/** A person's calls of the API. */
export class Caller {
  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string,
  ) {}

  async call<T>(method: string, path: string, data?: unknown): Promise<T> {
    const answer = await this.request.fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      ...(data !== undefined && { data }),
    })
    const text = await answer.text()
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
}

/** Logs a person in, instead of whoever was before. */
export async function logIn(context: BrowserContext, url: string, as: Login): Promise<Caller> {
  await context.clearCookies()
  const caller = new Caller(context.request, url)
  const { organisation_code, login_id, password } = as
  await caller.call('POST', '/session', { organisation_code, login_id, password, remember_device: false })
  return caller
}

/** An editor at an empty course, in the browser's page. */
export async function openCourse(context: BrowserContext, { url, logins }: Installation, title: string) {
  const login = logins.find((one) => one.role === 'editor')
  assert.ok(login, 'no editor')
  const editor = await logIn(context, url, login)
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  const course = await editor.call<{ id: string }>('POST', '/courses', {
    title,
    summary: '',
    language: 'ja',
    shared: 'none',
  })
  return { editor, page, course }
}

export interface Asset {
  id: string
  state: string
  problem?: string
  pages: number
}

/** Sends a file as the page does, and waits until the server has looked at it. */
export async function upload(
  editor: Caller,
  request: APIRequestContext,
  url: string,
  bytes: Buffer,
  kind = 'package',
  file_name = 'course.zip',
): Promise<Asset> {
  const begun = await editor.call<{ id: string; asset: Asset }>('POST', '/assets', {
    kind,
    file_name,
    size: bytes.length,
  })
  const parts = await editor.call<{ items: { url: string }[] }>('POST', `/uploads/${begun.id}/parts`, {
    numbers: [1],
  })
  const sent = await request.put(parts.items[0]?.url ?? '', { data: bytes, headers: { Origin: url } })
  assert.ok(sent.ok(), `part: ${sent.status()}`)
  await editor.call('POST', `/uploads/${begun.id}/complete`)
  for (let i = 0; i < 150; i++) {
    const asset = await editor.call<Asset>('GET', `/assets/${begun.id ? begun.asset.id : ''}`)
    if (asset.state !== 'processing') return asset
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error('the file is still being looked at after 30 s')
}

/** A published course whose lessons are these packages. */
export async function course(editor: Caller, title: string, assets: string[]): Promise<string> {
  const made = await editor.call<{ id: string }>('POST', '/courses', {
    title,
    summary: '',
    language: 'ja',
    shared: 'none',
  })
  for (const [i, asset] of assets.entries()) {
    const lesson = await editor.call<{ id: string; version: number }>('POST', `/courses/${made.id}/lessons`, {
      kind: 'package',
      title: `教材${i + 1}`,
    })
    await editor.call('PUT', `/lessons/${lesson.id}`, {
      title: `教材${i + 1}`,
      body: { package: { asset, complete: 'completed', parameters: '', activities: [] } },
      base_version: lesson.version,
      client_save_id: crypto.randomUUID(),
    })
  }
  const now = await editor.call<{ content_version: number }>('GET', `/courses/${made.id}`)
  await editor.call('POST', `/courses/${made.id}/publish`, { base_version: now.content_version })
  return made.id
}

/** The day so many days from now, in Japan. */
export function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10)
}

export interface Own {
  id: string
  course_title: string
  status: string
  score_percent?: number
  lessons?: { id: string; state: string }[]
}

/** Where a person stands in the course of this name. */
export async function enrolmentIn(staff: Caller, title: string): Promise<Own> {
  const { items } = await staff.call<{ items: Own[] }>('GET', '/me/enrolments')
  const found = items.find((one) => one.course_title === title)
  assert.ok(found, `no enrolment in ${title}`)
  return staff.call<Own>('GET', `/me/enrolments/${found.id}`)
}

/** The page of the package itself, two frames down. */
export async function inside(page: Page): Promise<Frame> {
  for (let i = 0; i < 100; i++) {
    const frame = page.frames().find((one) => one.url().includes('/file/'))
    if (
      frame &&
      (await frame
        .locator('body')
        .count()
        .catch(() => 0)) > 0
    ) {
      await frame.waitForLoadState()
      return frame
    }
    await page.waitForTimeout(100)
  }
  throw new Error(`no package on ${page.url()}: ${page.frames().map((one) => one.url())}`)
}

/** Waits until something holds. */
export async function eventually(what: string, holds: () => Promise<boolean>, seconds = 15): Promise<void> {
  for (let i = 0; i < seconds * 5; i++) {
    if (await holds().catch(() => false)) return
    await new Promise((done) => setTimeout(done, 200))
  }
  assert.fail(what)
}

/** Waits until the server holds what a package said of its place; a window opened before that would go on from an older one. */
export async function arrived(staff: Caller, enrolment: string, lesson: string, said: string): Promise<void> {
  await eventually(`the server holds ${said}`, async () => {
    const opened = await staff.call<{ states: { cmi: string }[] }>(
      'POST',
      `/me/enrolments/${enrolment}/lessons/${lesson}/launches`,
    )
    return opened.states.some((one) => one.cmi.includes(said))
  })
}
