import { IconBook2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { CardsSkeleton } from '@/components/Skeletons'
import { isOpen, type OwnEnrolment, ownEnrolments } from '@/lib/learning'
import { useSession } from '@/lib/session'
import { AllDone } from '../components/AllDone'
import { CourseList } from '../components/CourseList'
import { NowCard } from '../components/NowCard'

/** The learner's first page: what must I do now, and by when. */
export function LearnerHomePage() {
  const { t } = useTranslation('home')
  const { person } = useSession()
  const courses = useQuery(ownEnrolments)
  return (
    <>
      <PageHeader title={t('title', { name: person.name })} />
      {courses.isPending && <CardsSkeleton cards={1} />}
      {courses.isError && !courses.data && (
        <ErrorState error={courses.error} onRetry={() => courses.refetch()} />
      )}
      {courses.data && <Courses courses={courses.data} />}
    </>
  )
}

function Courses({ courses }: { courses: OwnEnrolment[] }) {
  const { t } = useTranslation('home')
  const [now, ...later] = courses.filter(isOpen)
  const done = courses.filter((one) => one.standing === 'done' || one.standing === 'closed')
  if (courses.length === 0)
    return <EmptyState icon={IconBook2} title={t('empty.title')} text={t('empty.text')} />
  return (
    <>
      {now ? <NowCard course={now} /> : <AllDone certificates={courses.some((one) => one.certificate)} />}
      <CourseList id="later" title={t('later')} courses={later} />
      <CourseList
        id="upcoming"
        title={t('upcoming')}
        courses={courses.filter((one) => one.standing === 'upcoming')}
      />
      <CourseList id="finished" title={t('finished')} courses={done} />
    </>
  )
}
