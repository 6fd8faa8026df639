import { type KeyboardEvent, type RefObject, useState } from 'react'
import { toggle } from './toggle'
import type { DataTableProps } from './types'

interface RowKeysOptions<Row> extends DataTableProps<Row> {
  box: RefObject<HTMLElement | null>
  scrollToIndex: (index: number) => void
}

/** Where a key leads from row `current` of `count`; undefined when it is not a moving key. */
export function rowAfterKey(key: string, current: number, count: number): number | undefined {
  const last = count - 1
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, current + 1)
    case 'ArrowUp':
      return Math.max(0, current - 1)
    case 'PageDown':
      return Math.min(last, current + 10)
    case 'PageUp':
      return Math.max(0, current - 10)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

/** The keyboard of the table: one row is in the tab order, the arrows move it, Space selects, Enter opens. */
export function useRowKeys<Row>({ rows, rowId, selection, onOpen, box, scrollToIndex }: RowKeysOptions<Row>) {
  const [wanted, setCurrent] = useState(0)
  const current = Math.min(wanted, rows.length - 1)

  const focusRow = (index: number) => {
    setCurrent(index)
    scrollToIndex(index)
    // The row may be drawn only after the scroll.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const row = box.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`)
        row?.focus({ preventScroll: true })
      }),
    )
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement)) return
    const row = rows[current]
    if (row === undefined) return
    const next = rowAfterKey(event.key, current, rows.length)
    if (next !== undefined) focusRow(next)
    else if (event.key === ' ' && selection) toggle(selection, rowId(row))
    else if (event.key === 'Enter' && onOpen) onOpen(row)
    else return
    event.preventDefault()
  }

  return { current, setCurrent, onKeyDown }
}
