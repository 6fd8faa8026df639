import type { ReactNode } from 'react'

/** One column of a DataTable. */
export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** CSS width; columns without one share what is left. */
  width?: string
  align?: 'end'
  /** True where the server can sort by this column's id. */
  sortable?: boolean
  /** On a phone: the heading of the card, or left out of it. */
  card?: 'title' | 'hidden'
}

/** Which rows are chosen; `actions` is what can be done with them. */
export interface Selection {
  selected: ReadonlySet<string>
  onChange: (selected: ReadonlySet<string>) => void
  /** How many are meant when it is more than what was ticked: everybody who matches a filter. */
  count?: number
  actions: ReactNode
}

/** The order that was asked of the server. */
export interface Sort {
  by: string
  descending: boolean
}

export interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowId: (row: Row) => string
  /** What a row is called, for the name of its checkbox. */
  rowName: (row: Row) => string
  /** Shown instead of the table when there are no rows: an EmptyState. */
  empty: ReactNode
  /** How many there are in all, when the server knows. */
  total?: number
  /** The first page is on its way. */
  pending?: boolean
  hasMore?: boolean
  loadingMore?: boolean
  /** Fetches the next page; keep it stable (`query.fetchNextPage`). */
  onMore?: () => void
  selection?: Selection
  sort?: Sort
  onSort?: (sort: Sort) => void
  onOpen?: (row: Row) => void
  /** Beside the count: export, column choice. */
  tools?: ReactNode
  /** Greatest height of the scrolling part. */
  height?: string
}
