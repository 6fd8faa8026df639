import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import { saveFile } from '@/lib/api/download'
import type { components } from '@/lib/api/schema'

/** How the organisation's certificates look from now on. */
export type Design = components['schemas']['CertificateDesignBody']
export type DesignInput = components['schemas']['CertificateDesignInputBody']
export type Words = components['schemas']['DesignWordsBody']
export type Language = keyof Design['words']
export type Image = 'logo' | 'seal'

export const languages = ['ja', 'en'] as const satisfies Language[]
export const frames = ['double', 'line', 'none'] as const satisfies Design['frame'][]
export const images = ['logo', 'seal'] as const satisfies Image[]

export const designQuery = queryOptions({
  queryKey: ['certificate-design'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/certificate-design', { signal })),
})

/** Makes a new design; what was issued keeps its own. */
export function saveDesign(body: DesignInput): Promise<Design> {
  return take(api.PUT('/api/v1/certificate-design', { body }))
}

/** Saves a sample certificate with a design that is not saved. */
export function saveSample(language: Language, body: DesignInput): Promise<void> {
  return saveFile(
    api.POST('/api/v1/certificate-design/preview', {
      params: { query: { language } },
      body,
      parseAs: 'blob',
    }),
  )
}

/** Where a picture of the saved design is. The number makes it a new address after a change. */
export function imageAddress(image: Image, number: number): string {
  return `/api/v1/certificate-design/images/${image}?of=${number}`
}
