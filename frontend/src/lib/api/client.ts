import createClient, { type Middleware } from 'openapi-fetch'
import { ProblemError, problemOf } from './problem'
import type { paths } from './schema'
import { ended, waitForSignIn } from './session-end'

/**
 * Says who we are to the server on every request: the language of the page. The cookie does the rest; there is no
 * CSRF token because the server checks Sec-Fetch-Site and SameSite.
 */
const language: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang || 'ja')
    return request
  },
}

const copies = new Map<string, Request>()

/**
 * Keeps work that was under way when the session ended: the page asks to log in again, and when the same person has
 * done so the very request is sent once more. The session resource itself answers 401 to mean "nobody", so it is left alone.
 */
const signInAgain: Middleware = {
  onRequest({ request, id, schemaPath }) {
    if (!schemaPath.startsWith('/api/v1/session')) copies.set(id, request.clone())
    return request
  },
  async onResponse({ response, id, options }) {
    const copy = copies.get(id)
    copies.delete(id)
    if (response.status !== 401 || !copy || !ended()) return response
    const same = await waitForSignIn()
    return same ? options.fetch(copy) : response
  },
  onError({ id }) {
    copies.delete(id)
  },
}

/** The one API client. Calls go through `take`, so that a failure is always a ProblemError. */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' })
api.use(language, signInAgain)

interface Answer<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** Awaits a call of `api` and gives its data, or throws a ProblemError. */
export async function take<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>
  try {
    answer = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ProblemError({ status: 0, title: '', key: 'network' })
  }
  if (!answer.response.ok) {
    throw new ProblemError(problemOf(answer.response.status, answer.error, answer.response.headers))
  }
  return answer.data as Data
}

/**
 * The header that makes a write safe to repeat. Make the key once per intention (when the form opens), not per try:
 * `const key = useIdempotencyKey()` … `api.POST(path, { headers: idempotent(key), body })`.
 */
export function idempotent(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key }
}
