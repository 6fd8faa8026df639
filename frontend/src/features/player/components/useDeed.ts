import { useEffect, useState } from 'react'
import { outboxOf } from '@/lib/outbox/useOutbox'

/** Where something done at one go stands: not done, kept on the device, at the server, or refused by it. */
export type DeedState = 'open' | 'waiting' | 'done' | 'refused'

/** Does something at one go: it is kept on the device at once, and sent when there is a network. */
export function useDeed(person: string, path: string, done: boolean) {
  const [state, setState] = useState<DeedState>(done ? 'done' : 'open')
  useEffect(() => {
    let gone = false
    const box = outboxOf(person)
    if (!done)
      void box.waits(path).then((waits) => {
        if (waits && !gone) setState((old) => (old === 'open' ? 'waiting' : old))
      })
    const end = box.hear((event) => {
      if (event.kind === 'deed' && event.path === path) setState(event.status < 300 ? 'done' : 'refused')
    })
    return () => {
      gone = true
      end()
    }
  }, [person, path, done])
  const send = (body: Record<string, unknown>, draft?: string) => {
    setState('waiting')
    return outboxOf(person).deed(path, body, draft)
  }
  return { state, send }
}
