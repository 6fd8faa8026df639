import { useEffect } from 'react'
import type { DataTableProps } from './types'

/** Asks for the next page when fewer than 20 rows are left below. */
export function useNextPage<Row>(props: DataTableProps<Row>, last: number) {
  const { rows, hasMore, loadingMore, onMore } = props
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - 20) onMore?.()
  }, [hasMore, loadingMore, last, rows.length, onMore])
}
