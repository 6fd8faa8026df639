import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { RichText } from '@/components/RichText'
import { RowsSkeleton } from '@/components/Skeletons'
import { assetKeys, findLinks } from '@/lib/assets'
import { filesIn } from '@/lib/page-text'
import { useTrying } from '@/lib/useTrying'
import type { Body } from '../api/lessons'
import classes from './LessonContent.module.css'
import { PackagePreview } from './PackagePreview'
import { QuizContent } from './QuizContent'
import { SurveyContent } from './SurveyContent'
import { VideoPreview } from './VideoPreview'

const PdfPages = lazy(() => import('./PdfPages').then((file) => ({ default: file.PdfPages })))

/** What is in a lesson, to be read: in the preview, the history and a conflict. */
export function LessonContent({ title, body }: { title: string; body: Body }) {
  const { t } = useTranslation('course')
  return (
    <div className={classes.content}>
      <h2 className={classes.title}>{title || t('lesson.untitled')}</h2>
      {body.page && <Page html={body.page.html} />}
      {body.video && (body.video.asset ? <VideoPreview video={body.video} /> : <p>{t('video.none')}</p>)}
      {body.audio &&
        (body.audio.asset ? <VideoPreview video={body.audio} sound /> : <p>{t('video.none')}</p>)}
      {body.pdf &&
        (body.pdf.asset ? (
          <Suspense fallback={<RowsSkeleton rows={4} />}>
            <PdfPages asset={body.pdf.asset} />
          </Suspense>
        ) : (
          <p>{t('pdf.none')}</p>
        ))}
      {body.package && <PackagePreview body={body.package} title={title} />}
      {body.quiz && <QuizContent quiz={body.quiz} />}
      {body.survey && <SurveyContent survey={body.survey} />}
      {body.pledge && <p className={classes.pledge}>{body.pledge.text || t('pledge.none')}</p>}
    </div>
  )
}

const none = {}

function Page({ html }: { html: string }) {
  const { t } = useTranslation('course')
  const ids = filesIn(html)
  const { data, refetch } = useQuery({
    queryKey: [...assetKeys.link(''), ids],
    queryFn: () => findLinks(ids),
    staleTime: 60 * 60 * 1000,
    placeholderData: (before) => before,
  })
  const file = useTrying(() => refetch({ throwOnError: true }))
  if (html === '' || html === '<p></p>') return <p>{t('page.none')}</p>
  return (
    <RichText html={html} files={data ?? none} round={file.round} onBroken={file.fail} onFine={file.fine} />
  )
}
