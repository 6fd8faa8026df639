import { type RefObject, useEffect, useState } from 'react'
import { type Cue, parseCaptions } from '@/lib/captions'
import { readStored, writeStored } from '@/lib/language'
import type { LearnerLesson } from '@/lib/learning'

interface Track {
  lang: string
  label: string
  src: string
  cues: Cue[]
}

const storageKey = 'kenshu.captions'

/**
 * Fetches the captions and gives them as addresses of this origin, so that the video itself needs no special permission at the store. Which language
 * is shown ('' for none) is remembered on this device.
 */
export function useCaptions(
  media: RefObject<HTMLMediaElement | null>,
  captions: NonNullable<LearnerLesson['video']>['captions'],
  files: LearnerLesson['files'],
) {
  const [tracks, setTracks] = useState<Track[]>([])
  const [chosen, setChosen] = useState(() => readStored(storageKey) ?? '')
  useEffect(() => {
    const made: string[] = []
    let ended = false
    const load = async ({ lang, label, asset }: (typeof captions)[number]): Promise<Track | null> => {
      const url = files[asset]?.url
      const answer = url ? await fetch(url).catch(() => null) : null
      if (!answer?.ok || ended) return null
      const text = await answer.text()
      const src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }))
      made.push(src)
      return { lang, label, src, cues: parseCaptions(text) }
    }
    void Promise.all(captions.map(load)).then((found) => {
      if (!ended) setTracks(found.filter((one) => one !== null))
    })
    return () => {
      ended = true
      for (const src of made) URL.revokeObjectURL(src)
    }
  }, [captions, files])

  useEffect(() => {
    if (tracks.length === 0) return
    for (const track of media.current?.textTracks ?? [])
      track.mode = track.language === chosen ? 'showing' : 'disabled'
  }, [media, tracks, chosen])

  const choose = (lang: string) => {
    writeStored(storageKey, lang)
    setChosen(lang)
  }
  return { tracks, chosen: tracks.some((one) => one.lang === chosen) ? chosen : '', choose }
}
