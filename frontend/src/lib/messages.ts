import { useSyncExternalStore } from 'react'

/** A short message that comes and goes: what was done, and the way back where there is one. */
export interface Message {
  id: number
  text: string
  tone: 'good' | 'bad'
  undo?: { label: string; run: () => void }
}

let messages: Message[] = []
let last = 0
const listeners = new Set<() => void>()

function set(next: Message[]) {
  messages = next
  for (const listener of listeners) listener()
}

/** Shows a message for as long as it takes to read it; one that can be undone stays longer. At most three at once. */
export function tell(text: string, options: { tone?: Message['tone']; undo?: Message['undo'] } = {}): void {
  const id = ++last
  set([
    ...messages.slice(-2),
    { id, text, tone: options.tone ?? 'good', ...(options.undo && { undo: options.undo }) },
  ])
  const seconds = options.undo || options.tone === 'bad' ? 15 : 6
  setTimeout(() => dismiss(id), seconds * 1000)
}

/** Takes a message away. */
export function dismiss(id: number): void {
  if (messages.some((one) => one.id === id)) set(messages.filter((one) => one.id !== id))
}

/** What is shown now. */
export function useMessages(): Message[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => messages,
  )
}
