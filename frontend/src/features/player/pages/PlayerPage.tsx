import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { ErrorState } from '@/components/ErrorState'
import { PageSkeleton } from '@/components/Skeletons'
import { asProblem } from '@/lib/api/problem'
import { type Attempt, type LearnerLesson, learningKeys, type Outline, ownEnrolment } from '@/lib/learning'
import type { OutboxEvent } from '@/lib/outbox/outbox'
import { outboxOf } from '@/lib/outbox/useOutbox'
import { useProblem } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import { askAhead } from '../api/ahead'
import { handedIn, ownLesson } from '../api/lesson'
import { NotYet, notYet } from '../components/NotYet'
import { PageLesson } from '../components/PageLesson'
import { PlayerFrame } from '../components/PlayerFrame'

/** In one file with the page, which is fetched at the same time. */
export const openAhead = askAhead

const VideoLesson = lazy(() =>
  import('../components/VideoLesson').then((one) => ({ default: one.VideoLesson })),
)
const AudioLesson = lazy(() =>
  import('../components/AudioLesson').then((one) => ({ default: one.AudioLesson })),
)
const PdfLesson = lazy(() => import('../components/PdfLesson').then((one) => ({ default: one.PdfLesson })))
const QuizLesson = lazy(() => import('../components/QuizLesson').then((one) => ({ default: one.QuizLesson })))

const PackageLesson = lazy(() =>
  import('../components/PackageLesson').then((one) => ({ default: one.PackageLesson })),
)

const SurveyLesson = lazy(() =>
  import('../components/SurveyLesson').then((one) => ({ default: one.SurveyLesson })),
)
const PledgeLesson = lazy(() =>
  import('../components/PledgeLesson').then((one) => ({ default: one.PledgeLesson })),
)

const route = getRouteApi('/bare/learn/$enrolment/$lesson')

/** The player: one lesson, nothing else in the way. */
export function PlayerPage() {
  const { enrolment, lesson } = route.useParams()
  const { person } = useSession()
  const outline = useQuery(ownEnrolment(enrolment))
  const open = useQuery(ownLesson(enrolment, lesson, person.id))
  useFreshStates(person.id, enrolment)
  const problem = useProblem()
  const error = open.error ?? outline.error
  if (open.error && !open.data && outline.data && notYet.includes(asProblem(open.error).key))
    return <NotYet outline={outline.data} lesson={lesson} sentence={problem(open.error).sentence} />
  if (error && !(open.data && outline.data))
    return (
      <main>
        <ErrorState error={error} onRetry={() => Promise.all([open.refetch(), outline.refetch()])} page />
      </main>
    )
  if (!open.data || !outline.data) return <PageSkeleton />
  return (
    <PlayerFrame key={lesson} outline={outline.data} lesson={open.data} person={person.id}>
      <Suspense fallback={<PageSkeleton />}>
        <Lesson lesson={open.data} person={person.id} />
      </Suspense>
    </PlayerFrame>
  )
}

function Lesson({ lesson, person }: { lesson: LearnerLesson; person: string }) {
  if (lesson.page) return <PageLesson lesson={lesson} page={lesson.page} person={person} />
  if (lesson.video) return <VideoLesson lesson={lesson} video={lesson.video} person={person} />
  if (lesson.audio) return <AudioLesson lesson={lesson} audio={lesson.audio} person={person} />
  if (lesson.pdf) return <PdfLesson lesson={lesson} pdf={lesson.pdf} person={person} />
  if (lesson.quiz) return <QuizLesson lesson={lesson} quiz={lesson.quiz} person={person} />
  if (lesson.survey) return <SurveyLesson lesson={lesson} survey={lesson.survey} person={person} />
  if (lesson.pledge) return <PledgeLesson lesson={lesson} pledge={lesson.pledge} person={person} />
  if (lesson.package) return <PackageLesson lesson={lesson} person={person} />
  return null
}

/** Takes what the server answers to reports into the outline, and the lesson's place into the cache for coming back to it. */
function useFreshStates(person: string, enrolment: string) {
  const client = useQueryClient()
  useEffect(() => {
    const end = outboxOf(person).hear((event) => {
      if (event.kind === 'deed') return takeResult(client, event)
      if (event.kind !== 'progress') return
      for (const { enrolment: of, lesson, progress } of event.answer.lessons) {
        client.setQueryData<LearnerLesson>(
          learningKeys.lesson(of, lesson),
          (old) => old && { ...old, progress },
        )
        client.setQueryData<Outline>(
          learningKeys.outline(of),
          (old) => old && withState(old, lesson, progress.state),
        )
      }
      for (const one of event.answer.enrolments)
        client.setQueryData<Outline>(
          learningKeys.outline(one.id),
          (old) => old && { ...old, ...one, resume: old.resume },
        )
    })
    return () => {
      end()
      client.invalidateQueries({ queryKey: learningKeys.list })
      client.invalidateQueries({ queryKey: learningKeys.outline(enrolment) })
    }
  }, [client, person, enrolment])
}

/** What became of an attempt that was handed in: its result, or what the server has of it. */
function takeResult(client: QueryClient, deed: Extract<OutboxEvent, { kind: 'deed' }>) {
  const id = handedIn(deed.path)
  if (!id) return
  if (deed.status >= 300) return void client.invalidateQueries({ queryKey: learningKeys.attempt(id) })
  const attempt = deed.answer as Attempt
  client.setQueryData(learningKeys.attempt(id), attempt)
  client.invalidateQueries({ queryKey: learningKeys.outline(attempt.enrolment) })
  client.invalidateQueries({ queryKey: learningKeys.lesson(attempt.enrolment, attempt.lesson) })
  client.invalidateQueries({ queryKey: learningKeys.list })
}

function withState(outline: Outline, lesson: string, state: LearnerLesson['progress']['state']): Outline {
  return { ...outline, lessons: outline.lessons.map((one) => (one.id === lesson ? { ...one, state } : one)) }
}
