/**
 * What happens when the server wants a fresh proof of who is asking (403 `step_up`): the request waits, the shell asks
 * once (`StepUp`), and every waiting request goes on when the proof was accepted.
 */
let asked: readonly string[] | null = null
let proofs = 0
const listeners = new Set<() => void>()
const waiting = new Set<(proved: boolean) => void>()

function change(methods: readonly string[] | null) {
  asked = methods
  for (const listener of listeners) listener()
}

/** Asks the person to prove who they are. Resolves when they have (true), or would not (false). */
export function askProof(methods: readonly string[]): Promise<boolean> {
  if (asked === null) change(methods)
  return new Promise((resolve) => waiting.add(resolve))
}

/** Ends the waiting: with a proof that the server took, or without one. */
export function proofGiven(proved: boolean): void {
  if (proved) proofs++
  change(null)
  for (const resolve of waiting) resolve(proved)
  waiting.clear()
}

/** How many proofs were given: a request that was sent before the last one carried a cookie that is dead now. */
export function proofCount(): number {
  return proofs
}

/** For useSyncExternalStore: with what the person can prove who they are, while they are asked to. */
export const stepUp = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  current: (): readonly string[] | null => asked,
}
