import type { OpenedPackage } from '@/lib/package-bridge'

export type Manifest = OpenedPackage['manifest']
export type Activity = Manifest['root']

/** An activity with how deep it lies; the outermost are 1. */
export interface Listed {
  activity: Activity
  depth: number
  shown: boolean
}

/** Every activity in order. */
export function listed(root: Activity): Listed[] {
  const out: Listed[] = []
  const walk = (list: Activity[] | null | undefined, depth: number, shown: boolean) => {
    for (const activity of list ?? []) {
      const here = shown && activity.visible
      out.push({ activity, depth, shown: here })
      walk(activity.children, depth + 1, here)
    }
  }
  walk(root.children, 1, true)
  return out
}

/** The address of an activity's page below the ticket. */
export function addressOf(activity: Activity, base: string, parameters: string): string {
  const url = new URL(activity.launch ?? '', new URL(`${base}file/`, location.origin))
  const more = parameters.replace(/^[?&]+/, '')
  if (more) url.search = url.search ? `${url.search}&${more}` : `?${more}`
  return url.href
}

export interface Stored {
  cmi: Record<string, unknown>
  seconds: number // of all earlier launches
}

/** Where earlier launches left an activity. */
export function storedState(opened: OpenedPackage, activity: string): Stored | undefined {
  const state = opened.states.find((one) => one.activity === activity)
  if (!state) return undefined
  const cmi: unknown = JSON.parse(state.cmi)
  if (typeof cmi !== 'object' || cmi === null) return undefined
  return { cmi: cmi as Record<string, unknown>, seconds: state.total_seconds }
}

/** Seconds as SCORM 1.2 writes them: HHHH:MM:SS. */
export function clockTime(seconds: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`
}
