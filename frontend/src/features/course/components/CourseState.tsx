import { useTranslation } from 'react-i18next'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import type { Course } from '../api/courses'

/** Where a course stands: draft, published, published with changes that learners do not see yet, put away. */
export function CourseState({ course }: { course: Course }) {
  const { t } = useTranslation('course')
  const state =
    course.review === 'asked' && course.state !== 'archived'
      ? 'review'
      : course.state === 'published' && course.changed
        ? 'changed'
        : course.state
  const tones: Record<typeof state, Tone> = {
    draft: 'idle',
    published: 'good',
    changed: 'active',
    archived: 'out',
    review: 'paused',
  }
  return <StatusBadge tone={tones[state]}>{t('state', { context: state })}</StatusBadge>
}
