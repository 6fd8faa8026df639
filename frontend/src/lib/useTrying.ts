import { useCallback, useEffect, useRef, useState } from 'react'

/** Between two tries to get fresh links, in milliseconds. */
const pause = 5000
/** So often a file is asked for anew before that is left to the reader. */
const most = 3

/** A file that could not be fetched on: `waiting` until it can be tried again, `lost` when trying did not help. */
export type FileState = 'fine' | 'waiting' | 'lost'

/**
 * Keeps what plays or shows a file going when that could not be fetched on: the network went, or its link is too old. `renew` gets fresh links; it is tried until it succeeds,
 * at once when the network comes back. `round` counts how often the file has to be opened anew.
 */
export function useTrying(renew: () => Promise<unknown>) {
  const [state, setState] = useState<FileState>('fine')
  const [round, setRound] = useState(0)
  const now = useRef<FileState>('fine')
  const tries = useRef(0)
  const told = useRef(renew)
  told.current = renew
  useEffect(() => {
    if (state !== 'waiting') return
    let ended = false
    let busy = false
    const attempt = async () => {
      if (busy || ended) return
      busy = true
      try {
        await told.current()
        if (ended) return
        ended = true
        now.current = 'fine'
        setState('fine')
        setRound((before) => before + 1)
      } catch {
        // no network, or no longer logged in: tried again
      } finally {
        busy = false
      }
    }
    if (tries.current <= 1) void attempt() // what failed again is given time
    const timer = setInterval(attempt, pause)
    addEventListener('online', attempt)
    return () => {
      ended = true
      clearInterval(timer)
      removeEventListener('online', attempt)
    }
  }, [state])
  const put = useCallback((next: FileState) => {
    now.current = next
    setState(next)
  }, [])
  const fail = useCallback(() => {
    if (now.current === 'waiting') return // the same break, told twice
    tries.current++
    put(tries.current > most ? 'lost' : 'waiting')
  }, [put])
  const fine = useCallback(() => {
    tries.current = 0
    put('fine')
  }, [put])
  const again = useCallback(() => {
    tries.current = 0
    put('waiting')
  }, [put])
  return { state, round, fail, fine, again }
}
