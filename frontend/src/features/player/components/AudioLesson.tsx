import {
  MediaControlBar,
  MediaController,
  MediaMuteButton,
  MediaPlayButton,
  MediaPlaybackRateButton,
  MediaSeekBackwardButton,
  MediaTimeDisplay,
  MediaTimeRange,
} from 'media-chrome/react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '@/lib/format'
import type { LearnerLesson } from '@/lib/learning'
import './video-words'
import { Transcript } from './Transcript'
import { useCaptions } from './useCaptions'
import { useTracker } from './useTracker'
import { useWatching } from './useWatching'
import classes from './VideoLesson.module.css'

interface AudioLessonProps {
  lesson: LearnerLesson
  audio: NonNullable<LearnerLesson['audio']>
  person: string
}

/** A recording: resumes to the second, what is said can be read below, time counts as that of a video does. */
export function AudioLesson({ lesson, audio, person }: AudioLessonProps) {
  const { t, i18n } = useTranslation('player')
  const tracker = useTracker(person, lesson)
  const media = useRef<HTMLAudioElement>(null)
  const [notice, setNotice] = useState('')
  const captions = useCaptions(media, audio.captions, lesson.files)
  const listening = useWatching(media, lesson, audio, tracker, (until) =>
    setNotice(t('video.noSkip', { time: formatDuration(until / 1000) })),
  )
  const file = lesson.files[audio.asset]
  if (!file) return <p role="alert">{t('fileMissing')}</p>
  return (
    <div className={classes.video}>
      <MediaController audio className={classes.sound} lang={i18n.language} noVolumePref>
        <audio
          ref={media}
          slot="media"
          src={file.url}
          preload="metadata"
          aria-label={lesson.title}
          {...listening}
        />
        <MediaControlBar>
          <MediaTimeRange className={classes.range} />
        </MediaControlBar>
        <MediaControlBar className={classes.buttons}>
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} />
          <MediaTimeDisplay showDuration noToggle className={classes.time} />
          <MediaMuteButton />
          {audio.speed && <MediaPlaybackRateButton rates={[0.75, 1, 1.25, 1.5, 2]} />}
        </MediaControlBar>
      </MediaController>
      <p className={classes.notice} role="status">
        {notice}
      </p>
      <Transcript media={media} tracks={captions.tracks} chosen={captions.chosen} open />
      {audio.no_skip && lesson.progress.state !== 'done' && <p className={classes.rule}>{t('video.rule')}</p>}
    </div>
  )
}
