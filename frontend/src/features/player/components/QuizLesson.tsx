import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageSkeleton } from '@/components/Skeletons'
import type { LearnerLesson } from '@/lib/learning'
import { ownAttempt } from '../api/lesson'
import { QuizIntro } from './QuizIntro'
import { QuizPaper } from './QuizPaper'
import { QuizResult } from './QuizResult'
import { useTracker } from './useTracker'

interface QuizLessonProps {
  lesson: LearnerLesson
  quiz: NonNullable<LearnerLesson['quiz']>
  person: string
}

/** A test: its rules, one question a screen, the result. An attempt that is open is gone on with. */
export function QuizLesson({ lesson, quiz, person }: QuizLessonProps) {
  const { t } = useTranslation('player')
  useTracker(person, lesson)
  const open = quiz.attempts.find((one) => one.state === 'open')
  const [chosen, choose] = useState<string | undefined>(open?.id)
  const attempt = useQuery({ ...ownAttempt(chosen ?? '', person), enabled: chosen !== undefined })
  if (!chosen)
    return <QuizIntro lesson={lesson} quiz={quiz} person={person} onStarted={choose} onLook={choose} />
  if (attempt.isPending) return <PageSkeleton />
  if (!attempt.data)
    return <ErrorState error={attempt.error} kept={t('quiz.kept')} onRetry={() => attempt.refetch()} />
  if (attempt.data.state === 'open') return <QuizPaper key={chosen} attempt={attempt.data} person={person} />
  return <QuizResult key={chosen} attempt={attempt.data} lesson={lesson} person={person} onStarted={choose} />
}
