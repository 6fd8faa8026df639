import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton, RowsSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { courseQuery, moodleQuery } from '../api/courses'
import { lessonsQuery } from '../api/lessons'
import { CourseActions } from '../components/CourseActions'
import { CourseState } from '../components/CourseState'
import { Outline } from '../components/Outline'
import { ReviewPanel } from '../components/ReviewPanel'
import classes from './CoursePage.module.css'

const LessonEditor = lazy(() => import('../components/LessonEditor'))
const route = getRouteApi('/shell/courses/$courseId')

/** One course: its lessons in order on the left, the open one on the right; on a phone one after the other. */
export function CoursePage() {
  const { t } = useTranslation('course')
  const { courseId } = route.useParams()
  const { lesson } = route.useSearch()
  const course = useQuery(courseQuery(courseId))
  const lessons = useQuery(lessonsQuery(courseId))
  const imported = useQuery({ ...moodleQuery(courseId), enabled: usePermission('course:write') })
  if (course.isLoadingError)
    return <ErrorState page error={course.error} onRetry={() => void course.refetch()} />
  if (course.isPending) return <PageSkeleton />
  const open = lessons.data?.find((one) => one.id === lesson)
  return (
    <>
      <PageHeader
        title={course.data.title}
        description={<CourseState course={course.data} />}
        back={<Link to="/courses">{t('list.back')}</Link>}
        action={<CourseActions course={course.data} />}
      />
      {imported.data && (
        <p>
          <Link to="/courses/import" search={{ file: imported.data.id }}>
            {t('list.imported')}
          </Link>
        </p>
      )}
      <ReviewPanel course={course.data} />
      <div className={classes.desk} data-open={open ? true : undefined}>
        <div className={classes.outline}>
          {lessons.isPending && <RowsSkeleton rows={4} />}
          {lessons.isError && <ErrorState error={lessons.error} onRetry={() => void lessons.refetch()} />}
          {lessons.data && <Outline course={courseId} lessons={lessons.data} open={open?.id} />}
        </div>
        <div className={classes.editor}>
          {open ? (
            <>
              <Link to="/courses/$courseId" params={{ courseId }} className={classes.up}>
                {t('outline.back')}
              </Link>
              <Suspense fallback={<RowsSkeleton />}>
                <LessonEditor key={open.id} id={open.id} course={courseId} />
              </Suspense>
            </>
          ) : (
            lessons.data && (
              <EmptyState
                title={t(lessons.data.length === 0 ? 'outline.none' : 'outline.choose')}
                text={t(lessons.data.length === 0 ? 'outline.noneText' : 'outline.chooseText')}
              />
            )
          )}
        </div>
      </div>
    </>
  )
}
