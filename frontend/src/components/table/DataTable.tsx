import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '@/components/Skeletons'
import classes from './DataTable.module.css'
import { RowCards } from './RowCards'
import { SelectionBar } from './SelectionBar'
import { TableHead } from './TableHead'
import { TableRow } from './TableRow'
import type { DataTableProps } from './types'
import { useNextPage } from './useNextPage'
import { useRowKeys } from './useRowKeys'

const rowHeight = 48

/**
 * A list of any length: only the rows on the screen are drawn, the next page is fetched when its end comes near.
 * Arrow keys move between rows, Space selects, Enter opens; on a phone every row is a card. Counts are always shown.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, total, pending, empty, selection } = props
  const { t } = useTranslation('common')
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  if (pending) return <RowsSkeleton />
  if (rows.length === 0) return empty
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <p className={classes.count} role="status">
          {total === undefined && props.hasMore
            ? t('table.more', { count: rows.length })
            : t('table.count', { count: total ?? rows.length })}
        </p>
        {props.tools}
      </div>
      {narrow ? <RowCards {...props} /> : <Grid {...props} />}
      {selection && selection.selected.size > 0 && <SelectionBar selection={selection} />}
    </div>
  )
}

function Grid<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, total, selection, hasMore, height = 'min(70dvh, 48rem)' } = props
  const { t } = useTranslation('common')
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowId(rows[index] as Row),
    overscan: 12,
    initialRect: { width: 1024, height: 640 },
  })
  const items = virtual.getVirtualItems()
  const keys = useRowKeys({ ...props, box, scrollToIndex: (index) => virtual.scrollToIndex(index) })
  useNextPage(props, items.at(-1)?.index)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const span = columns.length + (selection ? 1 : 0)
  return (
    <div ref={box} className={classes.scroll} style={{ maxHeight: height }}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take the keyboard, which makes it a grid
        role="grid"
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
        className={classes.table}
        style={{ minWidth: narrowest(columns, selection !== undefined) }}
      >
        <TableHead {...props} />
        <tbody onKeyDown={keys.onKeyDown}>
          {before > 0 && <Gap height={before} span={span} />}
          {items.map((item) => (
            <TableRow
              key={item.key}
              {...props}
              row={rows[item.index] as Row}
              index={item.index}
              measure={virtual.measureElement}
              tabIndex={item.index === keys.current ? 0 : -1}
              onFocus={() => keys.setCurrent(item.index)}
            />
          ))}
          {after > 0 && <Gap height={after} span={span} />}
        </tbody>
      </table>
      {(hasMore || items.length < (total ?? rows.length)) && (
        <p className={classes.part}>{t('table.part')}</p>
      )}
    </div>
  )
}

/** Keeps the scroll bar true for rows that are not drawn. */
function Gap({ height, span }: { height: number; span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

/** As wide as the columns want to be, so that one that shares what is left is not squeezed to nothing. */
function narrowest(columns: readonly { width?: string }[], choosing: boolean): string {
  const widths = columns.map(({ width }) => width ?? '11rem')
  return `calc(${(choosing ? ['3.25rem', ...widths] : widths).join(' + ')})`
}
