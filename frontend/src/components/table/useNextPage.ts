import { useEffect, useRef } from 'react'
import type { DataTableProps } from './types'

/**
 * Asks for the next page when fewer than 20 rows are left below the last one drawn. Once per place, so that a failure is
 * tried again by scrolling on and not by every redraw.
 */
export function useNextPage<Row>(props: DataTableProps<Row>, last: number | undefined): void {
  const { rows, hasMore, loadingMore, onMore } = props
  const asked = useRef('')
  useEffect(() => {
    const place = `${rows.length} ${last}`
    if (last === undefined || !hasMore || loadingMore || last < rows.length - 20 || asked.current === place)
      return
    asked.current = place
    onMore?.()
  }, [hasMore, loadingMore, last, rows.length, onMore])
}
