import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import type { Column, DataTableProps, Sort } from './types'

/** The sticky head: choose all that are loaded, and sort. */
export function TableHead<Row>({ columns, rows, rowId, selection, sort, onSort }: DataTableProps<Row>) {
  const { t } = useTranslation('common')
  const all = selection !== undefined && rows.every((row) => selection.selected.has(rowId(row)))
  return (
    <thead>
      <tr aria-rowindex={1}>
        {selection && (
          <th scope="col" className={classes.choose}>
            <Checkbox
              aria-label={t('table.selectAll')}
              checked={all}
              indeterminate={!all && selection.selected.size > 0}
              onChange={() => selection.onChange(all ? new Set() : new Set(rows.map(rowId)))}
            />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            style={{ width: column.width }}
            data-align={column.align}
            aria-sort={sort?.by === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
          >
            {column.sortable && onSort ? (
              <SortButton column={column} {...(sort && { sort })} onSort={onSort} />
            ) : (
              column.header
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function SortButton<Row>(props: { column: Column<Row>; sort?: Sort; onSort: (sort: Sort) => void }) {
  const { column, sort, onSort } = props
  const sorted = sort?.by === column.id
  const Icon = sorted ? (sort.descending ? IconArrowDown : IconArrowUp) : IconArrowsSort
  return (
    <button
      type="button"
      className={classes.sort}
      onClick={() => onSort({ by: column.id, descending: sorted && !sort.descending })}
    >
      {column.header}
      <Icon size={16} stroke={1.75} aria-hidden data-sorted={sorted || undefined} />
    </button>
  )
}
