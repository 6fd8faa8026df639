import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import { toggle } from './toggle'
import type { DataTableProps } from './types'

interface TableRowProps<Row> extends DataTableProps<Row> {
  row: Row
  index: number
  tabIndex: number
  measure: (element: HTMLTableRowElement | null) => void
  onFocus: () => void
}

/** One row. A press anywhere on it opens it, except on something that is itself pressed. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { columns, row, rowId, rowName, index, tabIndex, measure, onFocus, selection, onOpen } = props
  const { t } = useTranslation('common')
  const id = rowId(row)
  const selected = selection?.selected.has(id)
  return (
    <tr
      ref={measure}
      tabIndex={tabIndex}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selection ? selected : undefined}
      className={classes.row}
      data-opens={onOpen ? true : undefined}
      onFocus={onFocus}
      onClick={(event) => {
        const inner = event.target instanceof Element && event.target.closest('a, button, input, label')
        if (onOpen && !inner) onOpen(row)
      }}
    >
      {selection && (
        <td className={classes.choose}>
          <Checkbox
            data-row={id}
            tabIndex={-1}
            aria-label={t('table.select', { name: rowName(row) })}
            checked={selected ?? false}
            onChange={() => toggle(selection, id)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}
