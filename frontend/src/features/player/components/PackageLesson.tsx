import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PackageFrame } from '@/components/package/PackageFrame'
import { RowsSkeleton } from '@/components/Skeletons'
import { newKey } from '@/lib/api/idempotency-key'
import type { LearnerLesson } from '@/lib/learning'
import { outboxOf } from '@/lib/outbox/useOutbox'
import { ownLaunch } from '../api/lesson'
import { useTracker } from './useTracker'

interface PackageLessonProps {
  lesson: LearnerLesson
  person: string
}

/** A lesson made with an authoring tool. What it reports is kept on the device until the server has it. */
export function PackageLesson({ lesson, person }: PackageLessonProps) {
  const { t } = useTranslation('player')
  const [key] = useState(newKey)
  useTracker(person, lesson)
  const launch = useQuery(ownLaunch(lesson.enrolment.id, lesson.id, person, key))
  if (launch.isLoadingError) return <ErrorState error={launch.error} onRetry={() => void launch.refetch()} />
  if (!launch.data) return <RowsSkeleton rows={4} />
  const opened = launch.data
  return (
    <>
      <PackageFrame
        title={lesson.title}
        opened={opened}
        onReport={(report) => outboxOf(person).report(opened.launch ?? '', report)}
      />
      <Alert variant="light" mt="md">
        {t('package.rule', { context: lesson.package?.complete })}
      </Alert>
    </>
  )
}
