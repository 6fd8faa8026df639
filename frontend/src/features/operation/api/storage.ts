import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import type { Operation } from './operation'

export type StorageUse = components['schemas']['StorageUseBody']
type Part = Operation['parts'][number]

/** How much the installation keeps. A job counts it every six hours: it is asked once, not with the rest. */
export const storageQuery = queryOptions({
  queryKey: ['operation', 'storage'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/operation/storage', { signal })),
  staleTime: 5 * 60_000,
})

/** A disk of this machine, and what lies on it. */
export interface Disk {
  parts: Part['name'][]
  free: number
  total: number
}

/** The disks that are known. Parts that tell the same lie on one. */
export function disksOf(parts: Part[]): Disk[] {
  const disks: Disk[] = []
  for (const { name, room } of parts) {
    if (room.total === 0) continue
    const same = disks.find(
      (disk) => disk.total === room.total && Math.abs(disk.free - room.free) < room.total / 100,
    )
    if (same) same.parts.push(name)
    else disks.push({ parts: [name], ...room })
  }
  return disks
}

/** Whether a disk should be looked after before it is full. */
export const isLow = (disk: Disk) => disk.free < disk.total / 10

export interface Growth {
  since: string
  files: number
  database: number
  /** For each day that was counted: the share of the largest, 0 to 1. */
  days: { day: string; files: number; database: number }[]
}

/** What came over the last weeks; undefined while there is one day only. */
export function growthOf(days: StorageUse['days']): Growth | undefined {
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last || days.length < 2) return undefined
  const most = Math.max(1, ...days.map((one) => one.bytes + one.database))
  return {
    since: first.day,
    files: last.bytes - first.bytes,
    database: last.database - first.database,
    days: days.map((one) => ({ day: one.day, files: one.bytes / most, database: one.database / most })),
  }
}
