import { TextInput } from '@mantine/core'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cue } from '@/lib/captions'
import { formatDuration } from '@/lib/format'
import classes from './Transcript.module.css'

interface TranscriptProps {
  media: RefObject<HTMLMediaElement | null>
  tracks: { lang: string; cues: Cue[] }[]
  /** Language of the captions that are shown; without one the first. */
  chosen: string
  /** Shown opened: where there is no picture to look at. */
  open?: boolean
}

/** What is said, to be read and searched; a line jumps there. */
export function Transcript({ media, tracks, chosen, open }: TranscriptProps) {
  const { t } = useTranslation('player')
  const [query, setQuery] = useState('')
  const track = tracks.find((one) => one.lang === chosen) ?? tracks[0]
  const now = usePlace(media, track?.cues)
  if (!track) return null
  const wanted = fold(query)
  const lines = track.cues
    .map((cue, place) => ({ cue, place }))
    .filter(({ cue }) => fold(cue.text).includes(wanted))
  const go = (cue: Cue) => {
    const element = media.current
    if (!element) return
    element.currentTime = cue.start / 1000
    void element.play().catch(() => undefined)
  }
  return (
    <details className={classes.transcript} open={open}>
      <summary>{t('transcript.title')}</summary>
      <TextInput
        type="search"
        label={t('transcript.search')}
        value={query}
        maxLength={100}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <p className={classes.found} role="status">
        {wanted &&
          (lines.length === 0 ? t('transcript.none') : t('transcript.found', { count: lines.length }))}
      </p>
      <ol className={classes.lines} lang={track.lang}>
        {lines.map(({ cue, place }) => (
          <li key={place}>
            <button
              type="button"
              className={classes.line}
              aria-current={place === now ? 'true' : undefined}
              onClick={() => go(cue)}
            >
              <span className={classes.time}>{formatDuration(cue.start / 1000)}</span>
              <span>{cue.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Width and case make no difference to who searches. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}

/** Which line is being said. */
function usePlace(media: RefObject<HTMLMediaElement | null>, cues: Cue[] | undefined): number {
  const [place, setPlace] = useState(-1)
  useEffect(() => {
    const element = media.current
    if (!element || !cues) return
    const look = () => {
      const at = element.currentTime * 1000
      setPlace(cues.findLastIndex((cue) => cue.start <= at && at < cue.end))
    }
    element.addEventListener('timeupdate', look)
    return () => element.removeEventListener('timeupdate', look)
  }, [media, cues])
  return place
}
