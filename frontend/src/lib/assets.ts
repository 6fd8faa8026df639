import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Asset = Schemas['AssetBody']
export type Upload = Schemas['UploadBody']
export type Link = Schemas['LinkBody']
export type Part = Schemas['PartBody']
export type AssetKind = Asset['kind']

/** Every cached answer about files. */
export const assetKeys = {
  all: ['asset'] as const,
  one: (id: string) => [...assetKeys.all, 'one', id] as const,
  link: (id: string) => [...assetKeys.all, 'link', id] as const,
}

const at = (id: string) => ({ params: { path: { id } } })

/** A file; asked again every second while the server looks at it. */
export const assetQuery = (id: string) =>
  queryOptions({
    queryKey: assetKeys.one(id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/assets/{id}', { ...at(id), signal })),
    refetchInterval: (query) => (query.state.data?.state === 'processing' ? 1000 : false),
  })

/** Where a file of the draft can be fetched; null while it is not ready. */
export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: assetKeys.link(id),
    queryFn: () => findLink(id),
    staleTime: 60 * 60 * 1000,
  })

/** Asks for the links of many files in one call. */
export async function findLinks(ids: string[]): Promise<Record<string, Link>> {
  if (ids.length === 0) return {}
  return (await take(api.POST('/api/v1/assets/links', { body: { assets: ids } }))).links
}

async function findLink(id: string): Promise<Link | null> {
  return (await findLinks([id]))[id] ?? null
}

export function createAsset(kind: AssetKind, file: File, key: string): Promise<Upload> {
  return take(
    api.POST('/api/v1/assets', {
      headers: idempotent(key),
      body: { kind, file_name: file.name.slice(0, 255), size: file.size },
    }),
  )
}

export function findUpload(id: string): Promise<Upload> {
  return take(api.GET('/api/v1/uploads/{id}', at(id)))
}

export async function partLinks(id: string, numbers: number[]): Promise<Part[]> {
  return (await take(api.POST('/api/v1/uploads/{id}/parts', { ...at(id), body: { numbers } }))).items
}

export function completeUpload(id: string): Promise<Asset> {
  return take(api.POST('/api/v1/uploads/{id}/complete', at(id)))
}

/** Deletes a file that nothing uses, also one that has not arrived whole. */
export async function deleteAsset(id: string): Promise<void> {
  await take(api.DELETE('/api/v1/assets/{id}', at(id)))
}

/** Has the server look once more at a file whose processing was given up. */
export function retryAsset(id: string): Promise<Asset> {
  return take(api.POST('/api/v1/assets/{id}/retry', at(id)))
}

/** Gives a video or a PDF the picture that this browser has drawn of it. */
export async function setPoster(id: string, picture: Blob): Promise<void> {
  await take(
    api.PUT('/api/v1/assets/{id}/poster', {
      ...at(id),
      headers: { 'Content-Type': 'application/octet-stream' },
      body: '',
      bodySerializer: () => picture,
    }),
  )
}
