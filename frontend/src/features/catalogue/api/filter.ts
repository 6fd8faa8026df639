/** What stands in the address of the catalogue. */
export interface CatalogueFilter {
  q?: string
  language?: 'ja' | 'en'
  owner?: 'own' | 'association'
}

/** Reads the filter from an address that anybody may have written. */
export function readCatalogueFilter(search: Record<string, unknown>): CatalogueFilter {
  return {
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 100) }),
    ...((search.language === 'ja' || search.language === 'en') && { language: search.language }),
    ...((search.owner === 'own' || search.owner === 'association') && { owner: search.owner }),
  }
}
