import { afterEach, describe, expect, it, vi } from 'vitest'
import { begin, resume, sessionEnd } from './session-end'
import { proofGiven, stepUp } from './step-up'

afterEach(() => vi.unstubAllGlobals())

type Answer = 'ok' | 'no_session' | 'step_up' | 'not_allowed'
const status: Record<Answer, number> = { ok: 200, no_session: 401, step_up: 403, not_allowed: 403 }

/** What a refusal for want of a session waits for before it arrives. */
let held = Promise.resolve()

async function clientWith(...answers: Answer[]) {
  const requests: Request[] = []
  async function answer(this: unknown, request: Request) {
    if (this !== undefined && this !== globalThis) throw new TypeError('Illegal invocation') // as browsers do
    requests.push(request)
    const key = answers.shift() ?? 'ok'
    if (key === 'no_session') await held
    const body = { key, status: status[key], args: { methods: ['password', 'totp'] } }
    return new Response(JSON.stringify(body), {
      status: status[key],
      headers: { 'Content-Type': 'application/json' },
    })
  }
  const { api, take } = await import('./client')
  const post = api.POST as unknown as (
    path: string,
    init: object,
  ) => Promise<{ data?: unknown; response: Response }>
  const call = (n: number) =>
    take(post('/api/v1/thing', { baseUrl: 'http://test', body: { n }, fetch: answer }))
  return { requests, call }
}

const asked = () => vi.waitFor(() => expect(stepUp.current()).toEqual(['password', 'totp']))

describe('when a fresh proof is wanted', () => {
  it('asks once for all that waits, then sends each of them again', async () => {
    const { requests, call } = await clientWith('step_up', 'step_up')
    const both = Promise.all([call(1), call(2)])
    await asked()
    proofGiven(true)
    expect(stepUp.current()).toBeNull()
    expect(await both).toMatchObject([{ key: 'ok' }, { key: 'ok' }])
    expect(await Promise.all(requests.slice(2).map((request) => request.json()))).toEqual([
      { n: 1 },
      { n: 2 },
    ])
  })

  it('sends nothing when the person would not', async () => {
    const { requests, call } = await clientWith('step_up')
    const answer = call(1)
    await asked()
    proofGiven(false)
    await expect(answer).rejects.toMatchObject({ problem: { key: 'step_up', status: 403 } })
    expect(requests).toHaveLength(1)
  })

  it('asks nothing for what is simply not allowed', async () => {
    const { call } = await clientWith('not_allowed')
    await expect(call(1)).rejects.toMatchObject({ problem: { key: 'not_allowed' } })
    expect(stepUp.current()).toBeNull()
  })

  it('repeats a request that was sent with the cookie from before the proof, without asking to log in', async () => {
    const { requests, call } = await clientWith('step_up', 'no_session')
    begin()
    const first = call(1)
    await asked()
    let arrive: () => void = () => undefined
    held = new Promise((resolve) => {
      arrive = resolve
    })
    const late = call(2)
    await vi.waitFor(() => expect(requests).toHaveLength(2))
    proofGiven(true)
    arrive()
    expect(await Promise.all([first, late])).toMatchObject([{ key: 'ok' }, { key: 'ok' }])
    expect(requests).toHaveLength(4)
    expect(sessionEnd.current()).toBe(false)
  })

  it('asks to log in and then for the proof when both are wanted', async () => {
    const { call } = await clientWith('no_session', 'step_up')
    begin()
    const answer = call(1)
    await vi.waitFor(() => expect(sessionEnd.current()).toBe(true))
    resume(true)
    await asked()
    proofGiven(true)
    expect(await answer).toMatchObject({ key: 'ok' })
  })
})
