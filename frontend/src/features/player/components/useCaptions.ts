import { type RefObject, useEffect, useState } from 'react'
import { readStored, writeStored } from '@/lib/language'
import type { LearnerLesson } from '@/lib/learning'

interface Track {
  lang: string
  label: string
  src: string
  on: boolean
}

const storageKey = 'kenshu.captions'

/**
 * Fetches the captions and gives them as addresses of this origin, so that the video itself needs no special permission at the store. Whether they are
 * shown is remembered on this device.
 */
export function useCaptions(
  media: RefObject<HTMLVideoElement | null>,
  captions: NonNullable<LearnerLesson['video']>['captions'],
  files: LearnerLesson['files'],
): Track[] {
  const [tracks, setTracks] = useState<Track[]>([])
  useEffect(() => {
    const made: string[] = []
    let ended = false
    const load = async () => {
      const found = await Promise.all(
        captions.map(async ({ lang, label, asset }): Promise<Track | null> => {
          const url = files[asset]?.url
          const answer = url ? await fetch(url).catch(() => null) : null
          if (!answer?.ok || ended) return null
          const src = URL.createObjectURL(new Blob([await answer.text()], { type: 'text/vtt' }))
          made.push(src)
          return { lang, label, src, on: readStored(storageKey) === 'on' }
        }),
      )
      if (!ended) setTracks(found.filter((one) => one !== null))
    }
    void load()
    return () => {
      ended = true
      for (const src of made) URL.revokeObjectURL(src)
    }
  }, [captions, files])

  useEffect(() => {
    const list = media.current?.textTracks
    if (!list || tracks.length === 0) return
    const remember = () =>
      writeStored(storageKey, Array.from(list).some((track) => track.mode === 'showing') ? 'on' : 'off')
    list.addEventListener('change', remember)
    return () => list.removeEventListener('change', remember)
  }, [media, tracks])
  return tracks
}
