import type { Problem } from './problem'

/**
 * What happens when the server says that the session has ended while work is on the screen. The page marks that
 * somebody is logged in (`begin`); a 401 then raises `ended`, the shell shows the log-in over the kept page, and
 * `resume` lets waiting requests go on.
 */
let begun = false
let isEnded = false
const listeners = new Set<() => void>()
const waiting = new Set<(same: boolean) => void>()

function change(value: boolean) {
  if (isEnded === value) return
  isEnded = value
  for (const listener of listeners) listener()
}

const mark = 'kenshu.logged_in'

/** Somebody is logged in; from now on a 401 means that their session ended. */
export function begin(): void {
  begun = true
  try {
    sessionStorage.setItem(mark, 'yes')
  } catch {
    // without storage the log-in page says nothing of it after a reload
  }
}

/** True when somebody was logged in in this tab and did not log out: their session ended by itself, or from elsewhere. */
export function endedUnseen(): boolean {
  try {
    return sessionStorage.getItem(mark) !== null
  } catch {
    return false
  }
}

/** Somebody logged out, so that there is nothing to explain. */
export function loggedOut(): void {
  try {
    sessionStorage.removeItem(mark)
  } catch {
    // without storage nothing was kept
  }
}

let why: Problem | undefined

/** Keeps what the server said of why a session ended, for the log-in page; a later end without a reason leaves it. */
export function tellEnd(problem: Problem): void {
  if (problem.key === 'handed_over') why = problem
}

/** Why the last session ended, when the server gave a reason. */
export const endReason = (): Problem | undefined => why

/** Records a 401. False when nobody was logged in, so that there is nothing to keep. */
export function ended(): boolean {
  if (begun) change(true)
  return begun
}

/** Resolves when somebody has logged in again: true when it is the same person in the same organisation. */
export function waitForSignIn(): Promise<boolean> {
  return new Promise((resolve) => waiting.add(resolve))
}

/** Ends the waiting after a log-in. */
export function resume(same: boolean): void {
  change(false)
  why = undefined
  for (const resolve of waiting) resolve(same)
  waiting.clear()
}

/** For useSyncExternalStore. */
export const sessionEnd = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  current: (): boolean => isEnded,
}
