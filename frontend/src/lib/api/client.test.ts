import { afterEach, describe, expect, it, vi } from 'vitest'
import { begin, resume, sessionEnd } from './session-end'

afterEach(() => vi.unstubAllGlobals())

/** A client of its own per test, because fetch is taken when the client is made. */
async function clientWith(...statuses: number[]) {
  const requests: Request[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push(request)
    const status = statuses.shift() ?? 200
    const body = JSON.stringify(status === 200 ? { ok: true } : { status, key: 'unauthorized' })
    return new Response(body, { status, headers: { 'Content-Type': 'application/json' } })
  })
  const { api, take } = await import('./client')
  // The middleware is the same for every path but the session's; the test has no other path in the schema yet.
  const post = api.POST as unknown as (
    path: string,
    init: object,
  ) => Promise<{ data?: unknown; response: Response }>
  const call = () =>
    take(post('/api/v1/thing', { baseUrl: 'http://test', body: { a: 1 }, fetch: globalThis.fetch }))
  return { requests, call }
}

describe('when the session ends', () => {
  it('asks again, then sends the same request for the same person', async () => {
    const { requests, call } = await clientWith(401, 200)
    begin()
    const answer = call()
    await vi.waitFor(() => expect(sessionEnd.current()).toBe(true))
    resume(true)
    expect(await answer).toEqual({ ok: true })
    expect(await requests[1]?.json()).toEqual({ a: 1 })
    expect(requests).toHaveLength(2)
    expect(sessionEnd.current()).toBe(false)
  })

  it('sends nothing of it when somebody else logs in', async () => {
    const { requests, call } = await clientWith(401, 200)
    begin()
    const answer = call()
    await vi.waitFor(() => expect(sessionEnd.current()).toBe(true))
    resume(false)
    await expect(answer).rejects.toMatchObject({ problem: { status: 401 } })
    expect(requests).toHaveLength(1)
  })
})
