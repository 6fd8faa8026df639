import { Button, Group, TextInput } from '@mantine/core'
import { IconEye, IconHistory, IconMessageCircle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { courseKeys } from '../api/courses'
import { type Body, type Lesson, type LessonEntry, lessonsQuery } from '../api/lessons'
import { threadsQuery } from '../api/reviews'
import { useLessonSaver } from '../saving/useLessonSaver'
import { Comments } from './Comments'
import { ConflictDialog } from './ConflictDialog'
import { HistoryDrawer } from './HistoryDrawer'
import classes from './LessonDesk.module.css'
import { LessonPreview } from './LessonPreview'
import { PackageEditor } from './PackageEditor'
import { PdfEditor } from './PdfEditor'
import { PledgeEditor } from './PledgeEditor'
import { QuizEditor } from './QuizEditor'
import { Remarks } from './Remarks'
import { SaveLine } from './SaveLine'
import { SurveyEditor } from './SurveyEditor'
import { VideoEditor } from './VideoEditor'

const PageEditor = lazy(() => import('./PageEditor').then((file) => ({ default: file.PageEditor })))

/** One lesson being written: title, what is in it, whether it is saved, its history and how learners will see it. */
export function LessonDesk({ lesson, course }: { lesson: Lesson; course: string }) {
  const { t } = useTranslation('course')
  const mayWrite = usePermission('course:write')
  const [saver, now] = useLessonSaver(lesson)
  const [panel, setPanel] = useState<'history' | 'preview' | 'comments'>()
  const [quote, setQuote] = useState('')
  useOutlineTitle(course, lesson.id, now.title, now.version)
  const desk = useFocusWhenLost()
  if (!mayWrite) return <LessonPreview title={now.title} body={now.body} />
  const body = { lesson: lesson.id, onChange: (patch: { body: Body }) => saver.change(patch) }
  return (
    <article
      ref={desk}
      tabIndex={-1}
      aria-label={now.title || t('lesson.title')}
      className={classes.desk}
      onBlur={() => void saver.flush()}
    >
      <div className={classes.bar}>
        <SaveLine now={now} onRetry={() => void saver.flush()} />
        <Group gap="xs">
          <Button
            size="sm"
            variant="default"
            leftSection={<IconEye size={18} aria-hidden />}
            onClick={() => setPanel('preview')}
          >
            {t('lesson.preview')}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconHistory size={18} aria-hidden />}
            onClick={() => setPanel('history')}
          >
            {t('lesson.history')}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconMessageCircle size={18} aria-hidden />}
            onClick={() => {
              setQuote(selectedIn(desk.current))
              setPanel('comments')
            }}
          >
            {t('comment.action')}
            <OpenThreads lesson={lesson.id} />
          </Button>
        </Group>
      </div>
      <TextInput
        label={t('lesson.title')}
        value={now.title}
        maxLength={200}
        onChange={(event) => saver.change({ title: event.currentTarget.value })}
      />
      <Suspense fallback={<RowsSkeleton />}>
        {now.body.page && <PageEditor {...body} key={now.replaced} html={now.body.page.html} />}
      </Suspense>
      {now.body.video && <VideoEditor {...body} key={now.replaced} kind="video" video={now.body.video} />}
      {now.body.audio && <VideoEditor {...body} key={now.replaced} kind="audio" video={now.body.audio} />}
      {now.body.pdf && <PdfEditor {...body} key={now.replaced} pdf={now.body.pdf} />}
      {now.body.package && <PackageEditor {...body} key={now.replaced} body={now.body.package} />}
      {now.body.survey && (
        <SurveyEditor key={now.replaced} onChange={body.onChange} survey={now.body.survey} />
      )}
      {now.body.pledge && (
        <PledgeEditor key={now.replaced} onChange={body.onChange} pledge={now.body.pledge} />
      )}
      {now.body.quiz && <QuizEditor key={now.replaced} onChange={body.onChange} quiz={now.body.quiz} />}
      <Remarks lesson={lesson.id} version={now.version} />
      {panel === 'comments' && (
        <Comments course={course} lesson={lesson.id} quote={quote} onClose={() => setPanel(undefined)} />
      )}
      {panel === 'preview' && (
        <LessonPreview title={now.title} body={now.body} onClose={() => setPanel(undefined)} />
      )}
      {panel === 'history' && (
        <HistoryDrawer
          lesson={lesson.id}
          version={now.version}
          now={{ title: now.title, body: now.body }}
          onRestore={(title, old) => void saver.replace(title, old)}
          onClose={() => setPanel(undefined)}
        />
      )}
      {now.state === 'conflict' && now.theirs && (
        <ConflictDialog now={now} theirs={now.theirs} saver={saver} />
      )}
    </article>
  )
}

/** How many comments wait, beside the word that opens them. */
function OpenThreads({ lesson }: { lesson: string }) {
  const { t } = useTranslation('common')
  const threads = useQuery(threadsQuery(lesson))
  const open = threads.data?.filter((thread) => !thread.resolved_at).length ?? 0
  return open > 0 ? t('common:bracketed', { text: open }) : null
}

/** The words that are selected in the lesson. */
function selectedIn(desk: HTMLElement | null): string {
  const selection = document.getSelection()
  if (!selection?.anchorNode || !desk?.contains(selection.anchorNode)) return ''
  return selection.toString().trim().slice(0, 200)
}

/** What was pressed to open a lesson may be gone, as an entry of a menu is: then the keyboard goes to the lesson. */
function useFocusWhenLost() {
  const desk = useRef<HTMLElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) desk.current?.focus({ preventScroll: true })
  }, [])
  return desk
}

/** The outline shows the title while it is typed; after a save the course is asked whether it has changes to publish. */
function useOutlineTitle(course: string, id: string, title: string, version: number) {
  const queries = useQueryClient()
  useEffect(() => {
    queries.setQueryData(lessonsQuery(course).queryKey, (lessons: LessonEntry[] | undefined) =>
      lessons?.map((one) => (one.id === id && one.title !== title ? { ...one, title } : one)),
    )
  }, [queries, course, id, title])
  useEffect(() => {
    if (version > 0) void queries.invalidateQueries({ queryKey: courseKeys.one(course), exact: true })
  }, [queries, course, version])
}
