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
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerLesson } from '@/lib/learning'
import './video-words'
import { FileNote } from './FileNote'
import { Transcript } from './Transcript'
import { usePlayback } from './usePlayback'
import classes from './VideoLesson.module.css'

interface AudioLessonProps {
  lesson: LearnerLesson
  audio: NonNullable<LearnerLesson['audio']>
  person: string
}

/** A recording: resumes to the second, what is said can be read below, time counts as that of a video does. */
export function AudioLesson({ lesson, audio, person }: AudioLessonProps) {
  const { t, i18n } = useTranslation('player')
  const media = useRef<HTMLAudioElement>(null)
  const { notice, captions, watching, renewal, file } = usePlayback(media, lesson, audio, person)
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
          {...watching}
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
      <FileNote state={renewal.state} onAgain={renewal.again} />
      <p className={classes.notice} role="status">
        {notice}
      </p>
      <Transcript media={media} tracks={captions.tracks} chosen={captions.chosen} open />
      {audio.no_skip && lesson.progress.state !== 'done' && <p className={classes.rule}>{t('video.rule')}</p>}
    </div>
  )
}
