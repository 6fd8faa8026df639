import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { StatusBadge } from '@/components/StatusBadge'
import { isOpen, type OwnEnrolment } from '@/lib/learning'
import { useDaysLeft } from '@/lib/useDaysLeft'
import classes from './Home.module.css'
import { tones } from './standing'

interface CourseListProps {
  id: string
  title: string
  courses: OwnEnrolment[]
}

/** Courses as a list of links. */
export function CourseList({ id, title, courses }: CourseListProps) {
  if (courses.length === 0) return null
  return (
    <section aria-labelledby={id} className={classes.section}>
      <h2 id={id} className={classes.sectionTitle}>
        {title}
      </h2>
      <ul className={classes.list}>
        {courses.map((course) => (
          <li key={course.id}>
            <CourseRow course={course} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function CourseRow({ course }: { course: OwnEnrolment }) {
  const { t } = useTranslation('home')
  return (
    <Link to="/learn/$enrolment" params={{ enrolment: course.id }} className={classes.row}>
      <span className={classes.rowWords}>
        <span className={classes.rowTitle}>{course.course_title}</span>
        <span className={classes.round}>{course.round_title}</span>
      </span>
      <StatusBadge tone={tones[course.standing]}>
        {t('standing', { context: course.status === 'exempt' ? 'exempt' : course.standing })}
      </StatusBadge>
      <span className={classes.when}>
        <When course={course} />
      </span>
    </Link>
  )
}

function When({ course }: { course: OwnEnrolment }) {
  const { t } = useTranslation('home')
  const left = useDaysLeft()
  const first = course.waits_for[0]
  if (course.standing === 'done' && course.completed_at)
    return (
      <>
        {t('completedOn')} <DateText value={course.completed_at} />
      </>
    )
  if (course.standing === 'upcoming')
    return (
      <>
        {t('startsOn')} <DateText value={course.starts_on} />
      </>
    )
  return (
    <>
      {t('by')} <DateText value={course.due_on} />
      {course.standing !== 'closed' && course.standing !== 'done' && <> {left(course.due_on)}</>}
      {first && isOpen(course) && <span className={classes.waits}>{t('waits', { title: first.title })}</span>}
    </>
  )
}
