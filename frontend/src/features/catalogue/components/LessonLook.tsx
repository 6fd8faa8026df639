import { Anchor, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RichText } from '@/components/RichText'
import { RowsSkeleton } from '@/components/Skeletons'
import { useTrying } from '@/lib/useTrying'
import { lessonQuery, type OfferLesson } from '../api/catalogue'
import classes from './Catalogue.module.css'

interface LessonLookProps {
  course: string
  lesson: OfferLesson
  onClose: () => void
}

/** What is in a lesson, to be looked at: nothing can be changed, and nothing is recorded. */
export function LessonLook({ course, lesson, onClose }: LessonLookProps) {
  const { t } = useTranslation('catalogue')
  return (
    <Modal
      opened
      onClose={onClose}
      size="56rem"
      title={lesson.title}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Content course={course} lesson={lesson} />
    </Modal>
  )
}

function Content({ course, lesson }: { course: string; lesson: OfferLesson }) {
  const { t } = useTranslation('catalogue')
  const query = useQuery(lessonQuery(course, lesson.id))
  const file = useTrying(() => query.refetch({ throwOnError: true }))
  if (query.isPending) return <RowsSkeleton rows={4} />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const { html, text, asset, links, questions, pass_percent, pages, captions } = query.data
  const link = links[asset]
  switch (lesson.kind) {
    case 'page':
      return <RichText html={html} files={links} round={file.round} onBroken={file.fail} onFine={file.fine} />
    case 'pledge':
      return <p className={classes.pledge}>{text}</p>
    case 'quiz':
      return <p>{t('look.quiz', { count: questions, pass: pass_percent })}</p>
    case 'survey':
      return <p>{t('look.survey', { count: questions })}</p>
    case 'package':
      return <p>{t('look.package')}</p>
  }
  if (!link) return <p>{t('look.none')}</p>
  if (lesson.kind === 'pdf')
    return (
      <Anchor href={link.url} target="_blank" rel="noreferrer">
        {t('look.pdf', { count: pages })}
      </Anchor>
    )
  // biome-ignore lint/a11y/useMediaCaption: a player of sound shows no captions
  if (lesson.kind === 'audio') return <audio src={link.url} controls className={classes.player} />
  return (
    <video
      src={link.url}
      {...(link.poster && { poster: link.poster })}
      controls
      playsInline
      crossOrigin="anonymous"
      className={classes.player}
    >
      {captions.map((one, index) => (
        <track
          key={one.asset}
          kind="captions"
          src={links[one.asset]?.url}
          srcLang={one.lang}
          label={one.label}
          default={index === 0}
        />
      ))}
    </video>
  )
}
