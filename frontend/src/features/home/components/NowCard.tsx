import { IconCalendarDue, IconClock, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import { ProgressRing } from '@/components/ProgressRing'
import { StatusBadge } from '@/components/StatusBadge'
import type { OwnEnrolment } from '@/lib/learning'
import { useDaysLeft } from '@/lib/useDaysLeft'
import classes from './Home.module.css'
import { percentDone, tones } from './standing'

/** The one thing to do now: what, by when, how long, continue. */
export function NowCard({ course }: { course: OwnEnrolment }) {
  const { t } = useTranslation('home')
  const left = useDaysLeft()
  const begun = course.status !== 'not_started'
  const first = course.waits_for[0]
  return (
    <section
      className={classes.now}
      data-late={course.standing === 'overdue' || undefined}
      aria-labelledby="now"
    >
      <div className={classes.nowHead}>
        <div className={classes.nowWords}>
          <StatusBadge tone={tones[course.standing]}>
            {t('standing', { context: course.standing })}
          </StatusBadge>
          <h2 id="now" className={classes.nowTitle}>
            {course.course_title}
          </h2>
          <p className={classes.round}>{course.round_title}</p>
        </div>
        <ProgressRing
          percent={percentDone(course)}
          label={t('progress', { title: course.course_title })}
          size={72}
        />
      </div>
      <dl className={classes.facts}>
        <div>
          <dt>
            <IconCalendarDue size={20} stroke={1.5} aria-hidden />
            {t('by')}
          </dt>
          <dd>
            <DateText value={course.due_on} />
            <span className={classes.left}>{left(course.due_on)}</span>
          </dd>
        </div>
        <div>
          <dt>
            <IconClock size={20} stroke={1.5} aria-hidden />
            {t('howLong')}
          </dt>
          <dd>{t('minutes', { count: course.minutes_left })}</dd>
        </div>
      </dl>
      {course.status === 'failed' && <p className={classes.hint}>{t('failed')}</p>}
      {course.status === 'interrupted' && <p className={classes.hint}>{t('interrupted')}</p>}
      {first && <p className={classes.hint}>{t('waits', { title: first.title })}</p>}
      <Go course={course}>{t(first ? 'look' : begun ? 'continue' : 'begin')}</Go>
    </section>
  )
}

/** To the very place to go on at. */
function Go({ course, children }: { course: OwnEnrolment; children: string }) {
  const look = {
    size: 'lg',
    className: classes.go,
    leftSection: <IconPlayerPlay size={22} aria-hidden />,
    children,
  } as const
  if (!course.resume || course.waits_for.length > 0)
    return <ButtonLink to="/learn/$enrolment" params={{ enrolment: course.id }} {...look} />
  return (
    <ButtonLink
      to="/learn/$enrolment/$lesson"
      params={{ enrolment: course.id, lesson: course.resume }}
      preload={false}
      {...look}
    />
  )
}
