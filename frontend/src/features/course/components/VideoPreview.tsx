import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { assetKeys, findLinks } from '@/lib/assets'
import { usePermission } from '@/lib/session'
import type { VideoBody } from '../api/lessons'
import { usePoster } from './usePoster'
import classes from './VideoPreview.module.css'

/** The video with its captions, as far as its files are ready. */
export function VideoPreview({ video, sound }: { video: VideoBody; sound?: boolean }) {
  const { t } = useTranslation('course')
  const ids = [video.asset, ...video.captions.map((one) => one.asset)].filter((id) => id !== undefined)
  const { data, error, refetch } = useQuery({
    queryKey: [...assetKeys.link(''), ids],
    queryFn: () => findLinks(ids),
    staleTime: 60 * 60 * 1000,
    refetchInterval: (query) =>
      query.state.data && video.asset && !query.state.data[video.asset] ? 2000 : false,
  })
  usePoster(
    usePermission('asset:write') && !sound ? video.asset : undefined,
    video.asset ? data?.[video.asset] : undefined,
  )
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <RowsSkeleton rows={3} />
  const source = video.asset ? data[video.asset] : undefined
  if (!source) return <p>{t('video.notReady')}</p>
  // biome-ignore lint/a11y/useMediaCaption: what is said is read beside it; a player of sound shows no captions
  if (sound) return <audio className={classes.video} src={source.url} controls preload="metadata" />
  return (
    <video
      className={classes.video}
      src={source.url}
      {...(source.poster && { poster: source.poster })}
      controls
      preload="metadata"
      crossOrigin="anonymous"
    >
      {video.captions.map((one, index) => {
        const track = data[one.asset]
        return (
          track && (
            <track
              key={one.asset}
              kind="captions"
              src={track.url}
              srcLang={one.lang}
              label={one.label}
              default={index === 0}
            />
          )
        )
      })}
    </video>
  )
}
