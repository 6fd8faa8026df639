import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from '@/components/Cards.module.css'
import { Cover } from '@/components/Cover'
import { DateText } from '@/components/DateText'
import type { Course } from '../api/courses'
import { CourseState } from './CourseState'

/** One course in the list; the whole card leads in. */
export function CourseCard({ course }: { course: Course }) {
  const { t } = useTranslation('course')
  return (
    <li className={classes.card}>
      <Cover link={course.cover} />
      <CourseState course={course} />
      <h2 className={classes.title}>
        <Link to="/courses/$courseId" params={{ courseId: course.id }} className={classes.link}>
          {course.title}
        </Link>
      </h2>
      {course.summary && <p className={classes.summary}>{course.summary}</p>}
      <dl className={classes.facts}>
        <div>
          <dt>{t('card.lessons')}</dt>
          <dd>{course.lesson_count}</dd>
        </div>
        <div>
          <dt>{t('card.version')}</dt>
          <dd>{course.published ? t('version', { number: course.published.number }) : t('card.never')}</dd>
        </div>
        <div>
          <dt>{t('card.updated')}</dt>
          <dd>
            <DateText value={course.updated_at} />
          </dd>
        </div>
      </dl>
      {course.shared !== 'none' && (
        <p className={classes.note}>{t(course.shared === 'all' ? 'card.shared' : 'card.sharedChosen')}</p>
      )}
    </li>
  )
}
