import type { QueryClient } from '@tanstack/react-query'
import { learningKeys } from '@/lib/learning'
import { outboxOf } from './useOutbox'

/** Sends what a page closed without a network left on this device, wherever its person comes back to; pages then learn what became of it. */
export function wakeOutbox(person: string, client: QueryClient): () => void {
  return outboxOf(person).hear((event) => {
    if (event.kind === 'deed') void client.invalidateQueries({ queryKey: learningKeys.list })
  })
}
