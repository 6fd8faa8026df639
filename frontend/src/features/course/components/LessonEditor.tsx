import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { lessonQuery } from '../api/lessons'
import { LessonDesk } from './LessonDesk'

/** Fetches the lesson and opens it; a chunk of its own, so that only editors load what is behind it. */
export default function LessonEditor({ id, course }: { id: string; course: string }) {
  const lesson = useQuery(lessonQuery(id))
  if (lesson.data) return <LessonDesk lesson={lesson.data} course={course} />
  if (lesson.isLoadingError) return <ErrorState error={lesson.error} onRetry={() => void lesson.refetch()} />
  return <RowsSkeleton />
}
