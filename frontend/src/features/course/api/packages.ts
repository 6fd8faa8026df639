import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { assetKeys } from '@/lib/assets'
import type { OpenedPackage } from '@/lib/package-bridge'

export type FoundPackage = components['schemas']['FoundPackageBody']

const at = (id: string) => ({ params: { path: { id } } })

/** What was found in an unpacked package; it stays so until the file is replaced, which forgets everything about files. */
export const packageQuery = (asset: string) =>
  queryOptions({
    queryKey: [...assetKeys.one(asset), 'package'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/assets/{id}/package', { ...at(asset), signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Opens a package of the draft; nothing it says is recorded. */
export function previewPackage(asset: string): Promise<OpenedPackage> {
  return take(api.POST('/api/v1/assets/{id}/package/preview', at(asset)))
}
