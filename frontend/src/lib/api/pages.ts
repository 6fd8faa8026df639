import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query'

/** One keyset page as every list of the API answers it. `next` is absent on the last page. */
export interface Page<Item> {
  items: Item[] | null
  next?: string
  /** How many there are in all, where the server counts them. */
  total?: number
}

/**
 * Options for useInfiniteQuery over a keyset list:
 * `useInfiniteQuery(keysetPages(personKeys.list(filter), (after, signal) => take(api.GET(…))))`.
 */
export function keysetPages<Item>(
  queryKey: QueryKey,
  fetchPage: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Item>) => last.next || undefined,
  })
}

/** The rows fetched so far, in order. */
export function itemsOf<Item>(data: InfiniteData<Page<Item>, unknown> | undefined): Item[] {
  return data?.pages.flatMap((page) => page.items ?? []) ?? []
}
