import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import type { TreeRow } from '../tree'
import classes from './Tree.module.css'

const rowHeight = 44

interface TreeViewProps {
  rows: TreeRow[]
  selected?: string
  onSelect: (id: string) => void
  onOpen: (id: string, open: boolean) => void
  /** One department was dropped on another; absent: nothing can be dragged. */
  onDrop?: (moved: string, onto: string) => void
}

/** The tree: arrows walk and open, Enter chooses, what is outside the window is not drawn. */
export function TreeView({ rows, selected, onSelect, onOpen, onDrop }: TreeViewProps) {
  const { t } = useTranslation('department')
  const frame = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState('')
  const [over, setOver] = useState('')
  const window = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (index) => rows[index]?.department.id ?? index,
  })
  const current = Math.max(
    0,
    rows.findIndex((row) => row.department.id === (at || selected)),
  )
  const go = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)]
    if (!row) return
    setAt(row.department.id)
    window.scrollToIndex(rows.indexOf(row))
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-id="${row.department.id}"]`)?.focus(),
    )
  }
  const keys = (event: KeyboardEvent, row: TreeRow, index: number) => {
    const parent = rows.findIndex((one) => one.department.id === row.department.parent_id)
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () =>
        row.hasBelow && !row.open ? onOpen(row.department.id, true) : row.open && go(index + 1),
      ArrowLeft: () => (row.open ? onOpen(row.department.id, false) : parent >= 0 && go(parent)),
      Enter: () => onSelect(row.department.id),
      ' ': () => onSelect(row.department.id),
    }
    const act = acts[event.key]
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    act()
  }
  return (
    <div ref={frame} className={classes.scroll}>
      <div
        role="tree"
        aria-label={t('title')}
        className={classes.tree}
        style={{ height: window.getTotalSize() }}
      >
        {window.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          const one = row.department
          return (
            <div
              key={item.key}
              role="treeitem"
              data-id={one.id}
              data-drop={over === one.id || undefined}
              aria-level={one.depth}
              aria-posinset={row.place}
              aria-setsize={row.siblings}
              aria-expanded={row.hasBelow ? row.open : undefined}
              aria-selected={one.id === selected}
              tabIndex={item.index === current ? 0 : -1}
              className={classes.row}
              style={{ height: rowHeight, top: item.start, paddingInlineStart: `${one.depth * 1.25 - 1}rem` }}
              draggable={onDrop !== undefined && !one.closed_on}
              onDragStart={(event) => event.dataTransfer.setData('text/plain', one.id)}
              onDragOver={(event) => {
                if (!onDrop || one.closed_on) return
                event.preventDefault()
                setOver(one.id)
              }}
              onDragLeave={() => setOver('')}
              onDrop={(event) => {
                event.preventDefault()
                setOver('')
                const moved = event.dataTransfer.getData('text/plain')
                if (moved && moved !== one.id) onDrop?.(moved, one.id)
              }}
              onClick={() => {
                setAt(one.id)
                onSelect(one.id)
              }}
              onKeyDown={(event) => keys(event, row, item.index)}
            >
              <Twist row={row} onOpen={onOpen} />
              <span className={`${classes.name} ${one.closed_on ? classes.closed : ''}`}>{one.name}</span>
              <span className={classes.count}>
                {row.hasBelow
                  ? t('countBelow', {
                      own: formatNumber(one.members),
                      below: formatNumber(one.members_below),
                    })
                  : t('countOwn', { own: formatNumber(one.members) })}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The mark that opens; keys do the same on the row itself, so it is hidden from screen readers. */
function Twist({ row, onOpen }: { row: TreeRow; onOpen: TreeViewProps['onOpen'] }) {
  const Icon = row.open ? IconChevronDown : IconChevronRight
  return (
    <span
      aria-hidden
      className={classes.twist}
      onClick={(event) => {
        if (!row.hasBelow) return
        event.stopPropagation()
        onOpen(row.department.id, !row.open)
      }}
    >
      {row.hasBelow && <Icon size={18} />}
    </span>
  )
}
