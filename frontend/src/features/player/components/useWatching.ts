import { type RefObject, useEffect, useRef } from 'react'
import type { LearnerLesson } from '@/lib/learning'
import type { Tracker } from '../api/tracker'

/** How far past what was seen a seek may land before it is taken back, in milliseconds. */
const tolerance = 1500

/** What a video element reports while it is watched: place, what was shown, the end; and seeks that go too far are taken back. */
export function useWatching(
  media: RefObject<HTMLMediaElement | null>,
  lesson: LearnerLesson,
  video: NonNullable<LearnerLesson['video']>,
  tracker: Tracker,
  refused: (until: number) => void,
  file: { fail: () => void; fine: () => void },
) {
  const furthest = useRef(
    Math.max(lesson.progress.furthest, ...lesson.progress.seen.map((one) => one?.[1] ?? 0), 0),
  )
  const last = useRef<number | undefined>(undefined)
  const free = !video.no_skip || lesson.progress.state === 'done'
  const at = () => (media.current?.currentTime ?? 0) * 1000

  const broken = useRef<{ at: number; playing: boolean } | undefined>(undefined) // where the file failed

  const watch = () => {
    const element = media.current
    // A file that is being opened anew stands at its beginning, where nobody is.
    if (!element || broken.current || element.readyState < HTMLMediaElement.HAVE_METADATA) return
    const now = at()
    const before = last.current
    // Only what really ran past the eye: a jump is no watching.
    if (
      !element.seeking &&
      before !== undefined &&
      now > before &&
      now - before < 2500 * element.playbackRate
    ) {
      tracker.show(before, now)
      tracker.sign()
      furthest.current = Math.max(furthest.current, now)
    }
    if (!element.seeking) {
      last.current = now
      tracker.moveTo(now)
    }
  }
  const resumed = useRef(false)
  const resume = () => {
    const element = media.current
    if (!element || resumed.current || element.readyState < HTMLMediaElement.HAVE_METADATA) return
    resumed.current = true
    const start = lesson.progress.position
    // At the very end one begins again.
    if (start > 1000 && start < element.duration * 1000 - 3000) element.currentTime = start / 1000
  }
  const goOn = () => {
    const element = media.current
    if (!element || !broken.current) return resume()
    const { at, playing } = broken.current
    broken.current = undefined
    element.currentTime = at
    if (playing) void element.play().catch(() => undefined) // the browser may ask for a press
  }
  // A quick file has its length before React listens: the event is then over.
  useEffect(resume)
  return {
    onLoadedMetadata: goOn,
    onTimeUpdate: watch,
    onPlaying: file.fine,
    onError: () => {
      const element = media.current
      if (!element?.error) return
      broken.current ??= { at: element.currentTime, playing: !element.paused }
      last.current = undefined
      tracker.flush()
      file.fail()
    },
    onPlay: () => {
      last.current = at()
      tracker.sign()
    },
    onPause: () => {
      watch()
      tracker.flush()
    },
    onSeeking: () => {
      last.current = undefined
      const element = media.current
      if (!element || free || at() <= furthest.current + tolerance) return
      element.currentTime = furthest.current / 1000
      refused(furthest.current)
    },
    onSeeked: () => {
      last.current = at()
    },
    onRateChange: () => {
      const element = media.current
      if (element && !video.speed && element.playbackRate !== 1) element.playbackRate = 1
    },
    onEnded: () => {
      watch()
      tracker.finish()
    },
  }
}
