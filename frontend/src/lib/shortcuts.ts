import { useEffect, useSyncExternalStore } from 'react'
import { readStored, writeStored } from './language'

/** A key that does something on this page. `label` is already translated, for the list behind `?`. */
export interface Shortcut {
  key: string
  label: string
  run: () => void
}

const storageKey = 'kenshu.shortcuts'

let active: Shortcut[] = []
let enabled = readStored(storageKey) !== 'off'
const listeners = new Set<() => void>()

function changed() {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** True where letters are text and not commands. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Runs the shortcut for a key press, unless somebody is typing, a dialog is open, or they are switched off. */
export function pressShortcut(event: KeyboardEvent): void {
  if (!enabled || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (isTyping(event.target) || document.querySelector('[role=dialog], dialog[open]')) return
  const shortcut = active.findLast((one) => one.key === event.key)
  if (!shortcut) return
  event.preventDefault()
  shortcut.run()
}

/** Offers shortcuts while the component is on the screen; pass a memoised list. Never the only way to do a thing. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  useEffect(() => {
    active = [...active, ...shortcuts]
    changed()
    return () => {
      active = active.filter((one) => !shortcuts.includes(one))
      changed()
    }
  }, [shortcuts])
}

/** What can be pressed now. */
export function useActiveShortcuts(): Shortcut[] {
  return useSyncExternalStore(subscribe, () => active)
}

/** Whether single keys are commands: speech input users must be able to switch them off (WCAG 2.1.4). */
export function useShortcutsEnabled(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, () => enabled)
  return [
    on,
    (value) => {
      enabled = value
      writeStored(storageKey, value ? null : 'off')
      changed()
    },
  ]
}
