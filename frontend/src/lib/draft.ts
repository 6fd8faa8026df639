import { useState } from 'react'
import { newKey } from './api/idempotency-key'
import { draftPrefix } from './forget-drafts'
import { readStored, writeStored } from './language'

/** What was being written into a form, and what to do with it. */
export interface Draft<T> {
  value: T
  /**
   * The idempotency key under which this very content is sent. It is kept with it: content that was sent, and whose answer was lost with the tab, is found again
   * and sent again as the same write. Other content is another write.
   */
  key: string
  /** It was written before the form was opened this time. */
  kept: boolean
  set: (next: T) => void
  /** It is saved, or given up: nothing is kept of it any more, and the form is as at the beginning. */
  clear: () => void
}

/** What lies in the store. */
interface Kept<T> {
  key: string
  value: T
}

/**
 * What is being written into a form that may be closed by a stray press: kept on this device until it is saved or given up. `slot` names the form and whose
 * it is; what stands in `begin` is there when nothing was kept. Who may not write (any more) is shown nothing that was kept.
 */
export function useDraft<T>(slot: string, begin: () => T, mayWrite = true): Draft<T> {
  const fresh = () => ({ value: begin(), key: newKey(), kept: false })
  const [state, setState] = useState(() => {
    const found = mayWrite ? stored<T>(slot) : undefined
    return found ? { ...found, kept: true } : fresh()
  })
  return {
    ...state,
    set: (value) => {
      const key = newKey()
      setState((old) => ({ ...old, value, key }))
      writeStored(draftPrefix + slot, JSON.stringify({ key, value } satisfies Kept<T>))
    },
    clear: () => {
      setState(fresh())
      writeStored(draftPrefix + slot, null)
    },
  }
}

function stored<T>(slot: string): Kept<T> | undefined {
  try {
    const found = JSON.parse(readStored(draftPrefix + slot) ?? '') as Kept<T>
    // Anything else was written by somebody else, or before keys were kept.
    return typeof found.key === 'string' && 'value' in found ? found : undefined
  } catch {
    return undefined // nothing was kept
  }
}
