import { useSyncExternalStore } from 'react'
import { Outbox, type OutboxState } from './outbox'

let outbox: Outbox | undefined

/** The outbox of the person who is logged in; another person gets another one. */
export function outboxOf(person: string): Outbox {
  if (outbox?.person !== person) {
    outbox?.stop()
    outbox = new Outbox(person)
    outbox.start()
  }
  return outbox
}

/** Whether everything a person did has reached the server. */
export function useOutboxState(person: string): OutboxState {
  const box = outboxOf(person)
  return useSyncExternalStore(box.subscribe, box.current)
}
