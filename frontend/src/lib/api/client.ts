import createClient, { type Middleware } from 'openapi-fetch'
import { answered } from './last-answer'
import { ProblemError, problemOf } from './problem'
import type { paths } from './schema'
import { ended, tellEnd, waitForSignIn } from './session-end'
import { askProof, proofCount } from './step-up'

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

const copies = new Map<string, { request: Request; proofs: number }>()

async function problemIn(answer: Response) {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => null)
  return problemOf(answer.status, body)
}

/** With what the person can prove who they are, when that is what the answer asks for. */
async function methodsAsked(answer: Response): Promise<string[] | null> {
  if (answer.status !== 403) return null
  const problem = await problemIn(answer)
  if (problem.key !== 'step_up') return null
  return Array.isArray(problem.args?.methods) ? problem.args.methods.map(String) : ['password']
}

/**
 * Keeps work that was under way when the server asks something in between. When the session ended the page asks to log
 * in again, and when the same person has done so the very request is sent once more; the session resource itself
 * answers 401 to mean "nobody", so that is left alone. When a fresh proof is wanted the page asks for it, likewise.
 */
const goOn: Middleware = {
  onRequest({ request, id }) {
    copies.set(id, { request: request.clone(), proofs: proofCount() })
    return request
  },
  async onResponse({ response, id, schemaPath, options }) {
    const copy = copies.get(id)
    copies.delete(id)
    if (response.ok) answered()
    if (!copy) return response
    let answer = response
    const { fetch } = options // called by itself: as a method of options a browser refuses it
    const again = async () => {
      answer = await fetch(copy.request.clone())
    }
    if (answer.status === 401 && copy.proofs !== proofCount()) await again()
    if (answer.status === 401) tellEnd(await problemIn(answer))
    const mayEnd = !schemaPath.startsWith('/api/v1/session')
    if (answer.status === 401 && mayEnd && ended() && (await waitForSignIn())) await again()
    const methods = await methodsAsked(answer)
    if (methods && (await askProof(methods))) await again()
    return answer
  },
  onError({ id }) {
    copies.delete(id)
  },
}

/** The one API client. Calls go through `take`, so that a failure is always a ProblemError. */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' })
api.use(language, goOn)

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
