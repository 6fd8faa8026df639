import type { FrameMessage, OpenedPackage } from '@/lib/package-bridge'
import { type Activity, addressOf } from './activities'
import type { Reports } from './reports'

/** Where activities are shown, and what a runtime needs to run them. */
export interface Stage {
  opened: OpenedPackage
  reports: Reports
  tell(message: FrameMessage): void
  /** Shows an activity; what was shown before has ended by the time it resolves. */
  show(activity: Activity): Promise<void>
  /** Tells when what is shown has loaded and had time to speak; never, when something else is shown by then. */
  settled(then: () => void): void
  /** Ends what is shown, so that it says its last. */
  clear(): Promise<void>
}

/** A standard's way of running a package. */
export interface Runtime {
  start(): Promise<void>
  go(request: 'next' | 'previous' | 'choice', target?: string): Promise<void>
  /** Writes down how things stand, without ending anything. */
  commit(): void
}

/** How long a page has to speak once it has loaded, in milliseconds. */
const patience = 5000

/** The stage in the page: one frame for the package's pages. */
export function stageIn(
  body: HTMLElement,
  opened: OpenedPackage,
  reports: Reports,
  tell: (message: FrameMessage) => void,
): Stage {
  const base = body.dataset.base ?? ''
  let frame: HTMLIFrameElement | undefined
  const clear = async () => {
    frame?.remove() // its pages get to say their last
    frame = undefined
    await new Promise<void>((done) => setTimeout(done))
  }
  return {
    opened,
    reports,
    tell,
    clear,
    settled(then) {
      const shown = frame
      shown?.addEventListener(
        'load',
        () =>
          setTimeout(() => {
            if (shown === frame) then()
          }, patience),
        { once: true },
      )
    },
    async show(activity) {
      await clear()
      frame = document.createElement('iframe')
      frame.title = activity.title
      frame.name = 'content'
      frame.allow = 'autoplay; fullscreen'
      frame.src = addressOf(activity, base, opened.parameters)
      body.append(frame)
    },
  }
}
