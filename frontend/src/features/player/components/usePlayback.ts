import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '@/lib/format'
import type { LearnerLesson } from '@/lib/learning'
import { useCaptions } from './useCaptions'
import { useRenewal } from './useRenewal'
import { useTracker } from './useTracker'
import { useWatching } from './useWatching'

/** What playing a film and playing a recording have in common: where it goes on, what was seen or heard of it, its words, and what is refused. */
export function usePlayback(
  media: RefObject<HTMLMediaElement | null>,
  lesson: LearnerLesson,
  recording: NonNullable<LearnerLesson['video']>,
  person: string,
) {
  const { t } = useTranslation('player')
  const [notice, setNotice] = useState('')
  const captions = useCaptions(media, recording.captions, lesson.files)
  const renewal = useRenewal(lesson, person)
  const { round } = renewal
  const watching = useWatching(
    media,
    lesson,
    recording,
    useTracker(person, lesson),
    (until) => setNotice(t('video.noSkip', { time: formatDuration(until / 1000) })),
    renewal,
  )
  useEffect(() => {
    if (round > 0) media.current?.load()
  }, [media, round])
  return { notice, captions, watching, renewal, file: lesson.files[recording.asset] }
}
