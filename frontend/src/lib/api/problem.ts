/** Values for the sentence behind a key. The server never puts a secret here. */
export type ProblemArgs = Record<string, unknown>

/** One wrong input: where it is and the key of the sentence that says what to do. */
export interface ProblemField {
  path: string
  key: string
  args?: ProblemArgs
}

/** What the server says when something is wrong (RFC 9457 with our members). */
export interface Problem {
  status: number
  title: string
  detail?: string
  key: string
  args?: ProblemArgs
  fields?: ProblemField[]
  request_id?: string
}

/** The one error that API calls throw. `problem.key` names the sentence `error.<key>`. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.key}`)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string'
}

/** Turns an answer that is not a success into a Problem, whatever stood between us and the server. */
export function problemOf(status: number, body: unknown, headers?: Headers): Problem {
  const requestId = headers?.get('X-Request-Id') ?? undefined
  if (isProblem(body))
    return { ...body, status: body.status || status, request_id: body.request_id ?? requestId }
  return { status, title: '', key: keyOfStatus(status), request_id: requestId }
}

function keyOfStatus(status: number): string {
  if (status === 0) return 'network'
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429) return 'limited'
  if (status === 502 || status === 503 || status === 504) return 'unavailable'
  return 'internal'
}

/** Reads any thrown value as a Problem: a failed fetch is `network`, a bug is `page`. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return { status: 0, title: '', key: 'network' }
  }
  return { status: 0, title: '', key: 'page' }
}

/** True when trying the same call again later may succeed. */
export function isTemporary(problem: Problem): boolean {
  return problem.key === 'network' || problem.status >= 500 || problem.status === 429
}
