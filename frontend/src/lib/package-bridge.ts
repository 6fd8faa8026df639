// What the application's page and the frame on the content origin say to each other. The frame runs what others made: the page takes every message for a claim.
import type { components } from './api/schema'

export type OpenedPackage = components['schemas']['OpenedPackageBody']
export type PackageReport = components['schemas']['PackageReportBody']

/** The frame is there and wants to know what to run. The only message that does not go through the port. */
export interface ReadyMessage {
  kenshu: 'package-ready'
}

/** The page's answer, with the port for everything after. */
export interface StartMessage {
  kenshu: 'package-start'
  opened: OpenedPackage
}

/** One row of the package's own contents. */
export interface PackageItem {
  id: string
  title: string
  depth: number
  open: boolean // it can be chosen now
  group: boolean
  done: boolean
}

/** Where the learner is in a package with several activities. */
export interface PackagePlace {
  current: string
  items: PackageItem[]
  previous: boolean
  next: boolean
}

/** From the frame. */
export type FrameMessage =
  | { type: 'report'; report: PackageReport }
  | { type: 'place'; place: PackagePlace }
  | { type: 'ended' }
  | { type: 'failed' }

/** To the frame. */
export type PageMessage =
  | { type: 'kept'; activity: string; seq: number }
  | { type: 'go'; request: 'next' | 'previous' | 'choice'; target?: string }

const words = { completion: ['completed', 'incomplete', 'unknown'], success: ['passed', 'failed', 'unknown'] }
const maxCMI = 409600

/** Reads a message of the frame; undefined for anything that is none. */
export function readFrameMessage(data: unknown): FrameMessage | undefined {
  if (!isRecord(data)) return undefined
  switch (data.type) {
    case 'report': {
      const report = readReport(data.report)
      return report && { type: 'report', report }
    }
    case 'place': {
      const place = readPlace(data.place)
      return place && { type: 'place', place }
    }
    case 'ended':
    case 'failed':
      return { type: data.type }
    default:
      return undefined
  }
}

function readReport(data: unknown): PackageReport | undefined {
  if (!isRecord(data) || !isRecord(data.score)) return undefined
  const { activity, client_seq, cmi, completion, success, seconds, at } = data
  if (!isText(activity, 255) || !isText(cmi, maxCMI) || !isWhole(client_seq) || client_seq < 1)
    return undefined
  if (!isNumber(seconds) || seconds < 0 || !isWhole(at)) return undefined
  if (!words.completion.includes(String(completion)) || !words.success.includes(String(success)))
    return undefined
  const score: PackageReport['score'] = {}
  for (const name of ['scaled', 'raw', 'min', 'max'] as const) {
    const value = data.score[name]
    if (isNumber(value)) score[name] = value
  }
  return {
    activity,
    client_seq,
    cmi,
    completion: completion as PackageReport['completion'],
    success: success as PackageReport['success'],
    score,
    seconds,
    at,
  }
}

function readPlace(data: unknown): PackagePlace | undefined {
  if (!isRecord(data) || !isText(data.current, 255) || !Array.isArray(data.items) || data.items.length > 2000)
    return undefined
  const items: PackageItem[] = []
  for (const one of data.items as unknown[]) {
    if (!isRecord(one) || !isText(one.id, 255) || !isText(one.title, 200) || !isWhole(one.depth))
      return undefined
    items.push({
      id: one.id,
      title: one.title,
      depth: Math.min(Math.max(one.depth, 1), 20),
      open: one.open === true,
      group: one.group === true,
      done: one.done === true,
    })
  }
  return { current: data.current, items, previous: data.previous === true, next: data.next === true }
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
