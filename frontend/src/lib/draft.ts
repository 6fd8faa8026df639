import { useState } from 'react'
import { draftPrefix } from './forget-drafts'
import { readStored, writeStored } from './language'

/** What was being written into a form, and what to do with it. */
export interface Draft<T> {
  value: T
  /** It was written before the form was opened this time. */
  kept: boolean
  set: (next: T) => void
  /** It is saved, or given up: nothing is kept of it any more. */
  clear: () => void
}

/**
 * What is being written into a form that may be closed by a stray press: kept on this device until it is saved or given up. `slot` names the form and whose
 * it is; what stands in `begin` is there when nothing was kept.
 */
export function useDraft<T>(slot: string, begin: () => T): Draft<T> {
  const [state, setState] = useState(() => {
    const found = stored<T>(slot)
    return { value: found ?? begin(), kept: found !== undefined }
  })
  return {
    ...state,
    set: (value) => {
      setState((old) => ({ ...old, value }))
      writeStored(draftPrefix + slot, JSON.stringify(value))
    },
    clear: () => writeStored(draftPrefix + slot, null),
  }
}

function stored<T>(slot: string): T | undefined {
  try {
    return JSON.parse(readStored(draftPrefix + slot) ?? '') as T
  } catch {
    return undefined // nothing was kept, or somebody else wrote there
  }
}
