export const mediaKinds = ['image', 'video', 'audio', 'captions', 'pdf', 'package', 'moodle'] as const

/** What stands in the address of the media library. */
export interface MediaFilter {
  q?: string
  kind?: (typeof mediaKinds)[number]
  use?: 'used' | 'unused'
  sort?: 'largest'
}

/** Reads the filter from an address that anybody may have written. */
export function readMediaFilter(search: Record<string, unknown>): MediaFilter {
  const kind = mediaKinds.find((one) => one === search.kind)
  return {
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 100) }),
    ...(kind && { kind }),
    ...((search.use === 'used' || search.use === 'unused') && { use: search.use }),
    ...(search.sort === 'largest' && { sort: search.sort }),
  }
}
