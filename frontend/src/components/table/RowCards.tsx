import { Checkbox } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import { toggle } from './toggle'
import type { DataTableProps } from './types'
import { useNextPage } from './useNextPage'

/** The same rows on a phone: a list of cards that scrolls with the page. */
export function RowCards<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowId } = props
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 136,
    getItemKey: (index) => rowId(rows[index] as Row),
    scrollMargin: top,
    overscan: 6,
  })
  const items = virtual.getVirtualItems()
  useNextPage(props, items.at(-1)?.index)
  return (
    <ul ref={list} className={classes.cards} aria-label={label} style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => (
        <li
          key={item.key}
          ref={virtual.measureElement}
          data-index={item.index}
          aria-setsize={rows.length}
          aria-posinset={item.index + 1}
          style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
        >
          <RowCard {...props} row={rows[item.index] as Row} />
        </li>
      ))}
    </ul>
  )
}

function RowCard<Row>(props: DataTableProps<Row> & { row: Row }) {
  const { columns, row, rowId, rowName, selection, onOpen } = props
  const { t } = useTranslation('common')
  const id = rowId(row)
  const title = columns.find((column) => column.card === 'title') ?? columns[0]
  const rest = columns.filter((column) => column !== title && column.card !== 'hidden')
  return (
    <div className={classes.card}>
      <div className={classes.cardHead}>
        {selection && (
          <Checkbox
            data-row={id}
            aria-label={t('table.select', { name: rowName(row) })}
            checked={selection.selected.has(id)}
            onChange={() => toggle(selection, id)}
          />
        )}
        {onOpen ? (
          <button type="button" className={classes.cardTitle} onClick={() => onOpen(row)}>
            {title?.cell(row)}
          </button>
        ) : (
          <span className={classes.cardTitle}>{title?.cell(row)}</span>
        )}
      </div>
      <dl>
        {rest.map((column) => (
          <div key={column.id}>
            <dt>{column.header}</dt>
            <dd>{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
