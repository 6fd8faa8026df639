/**
 * When the server last answered this person, in any tab of this browser: the session ends so long after it (`idle_seconds`).
 * Shared through localStorage, so that a tab that nobody looks at does not warn about a session that another tab keeps alive.
 */
const key = 'kenshu.answered'
let last = 0

/** Records an answer that a session gave; written for the other tabs at most every ten seconds. */
export function answered(now = Date.now()): void {
  const before = last
  last = now
  if (now - before < 10_000) return
  try {
    localStorage.setItem(key, String(now))
  } catch {
    // without storage each tab warns by itself
  }
}

/** Milliseconds since 1970, 0 before the first answer. */
export function lastAnswered(): number {
  try {
    const shared = Number(localStorage.getItem(key)) || 0
    return Math.max(last, shared <= Date.now() ? shared : 0)
  } catch {
    return last
  }
}
