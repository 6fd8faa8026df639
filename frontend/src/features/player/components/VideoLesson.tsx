import { NativeSelect } from '@mantine/core'
import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
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

interface VideoLessonProps {
  lesson: LearnerLesson
  video: NonNullable<LearnerLesson['video']>
  person: string
}

/** A video: resumes to the second, captions by choice, no skipping ahead of what was seen once where the editor set so. */
export function VideoLesson({ lesson, video, person }: VideoLessonProps) {
  const { t, i18n } = useTranslation('player')
  const media = useRef<HTMLVideoElement>(null)
  const { notice, captions, watching, renewal, file } = usePlayback(media, lesson, video, person)
  if (!file) return <p role="alert">{t('fileMissing')}</p>
  return (
    <div className={classes.video}>
      <MediaController className={classes.frame} lang={i18n.language} noVolumePref>
        <video
          ref={media}
          slot="media"
          src={file.url}
          {...(file.poster && { poster: file.poster })}
          preload="metadata"
          playsInline
          aria-label={lesson.title}
          {...watching}
        >
          {captions.tracks.map((track) => (
            <track key={track.src} kind="captions" srcLang={track.lang} label={track.label} src={track.src} />
          ))}
        </video>
        <MediaControlBar>
          <MediaTimeRange className={classes.range} />
        </MediaControlBar>
        <MediaControlBar className={classes.buttons}>
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} />
          <MediaTimeDisplay showDuration noToggle className={classes.time} />
          <MediaMuteButton />
          {video.speed && <MediaPlaybackRateButton rates={[0.75, 1, 1.25, 1.5, 2]} />}
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      {captions.tracks.length > 0 && (
        <NativeSelect
          label={t('video.captions')}
          value={captions.chosen}
          onChange={(event) => captions.choose(event.currentTarget.value)}
          data={[
            { value: '', label: t('video.noCaptions') },
            ...captions.tracks.map(({ lang, label }) => ({ value: lang, label })),
          ]}
          size="md"
          className={classes.captions}
        />
      )}
      <Transcript media={media} tracks={captions.tracks} chosen={captions.chosen} />
      <FileNote state={renewal.state} onAgain={renewal.again} />
      <p className={classes.notice} role="status">
        {notice}
      </p>
      {video.no_skip && lesson.progress.state !== 'done' && <p className={classes.rule}>{t('video.rule')}</p>}
    </div>
  )
}
