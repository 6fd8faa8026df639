import { useEffect, useState } from 'react'
import type { Problem } from '@/lib/api/problem'

/** Counts down after "too many tries": the server says how long in `retry_after`. */
export function useWait(): { seconds: number; start: (problem: Problem) => void } {
  const [until, setUntil] = useState(0)
  const [now, setNow] = useState(() => Date.now())
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  const running = seconds > 0
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [running])
  return {
    seconds,
    start: (problem) => {
      const wait = problem.status === 429 ? Number(problem.args?.retry_after) : 0
      if (!(wait > 0)) return
      setNow(Date.now())
      setUntil(Date.now() + wait * 1000)
    },
  }
}
