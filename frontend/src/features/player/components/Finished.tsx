import { Button } from '@mantine/core'
import { IconArrowRight, IconCertificate, IconConfetti } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import { type OwnEnrolment, ownEnrolments } from '@/lib/learning'
import classes from './Player.module.css'

/** The end of a course, said so that it feels like one: result, certificate, what is next. */
export function Finished({ course }: { course: OwnEnrolment }) {
  const { t } = useTranslation('player')
  const { data } = useQuery(ownEnrolments)
  const next = data?.find(
    (one) => one.id !== course.id && ['overdue', 'due', 'in_progress', 'to_do'].includes(one.standing),
  )
  return (
    <section className={classes.finished} aria-labelledby="finished">
      <span className={classes.finishedMark}>
        <IconConfetti size={40} stroke={1.5} aria-hidden />
      </span>
      <h2 id="finished" className={classes.finishedTitle}>
        {t('finished.title')}
      </h2>
      <p className={classes.finishedText}>
        {course.completed_at && (
          <>
            {t('finished.on')} <DateText value={course.completed_at} />
          </>
        )}
        {course.score_percent !== undefined && <> · {t('finished.score', { count: course.score_percent })}</>}
      </p>
      <div className={classes.finishedActions}>
        {course.certificate && (
          <Button
            component="a"
            href={`/api/v1/me/certificates/${course.certificate}/pdf`}
            download
            size="lg"
            leftSection={<IconCertificate size={22} aria-hidden />}
          >
            {t('finished.certificate')}
          </Button>
        )}
        {next ? (
          <ButtonLink
            to="/learn/$enrolment"
            params={{ enrolment: next.id }}
            variant="default"
            size="lg"
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t('finished.next', { title: next.course_title })}
          </ButtonLink>
        ) : (
          <ButtonLink
            to="/learn"
            variant="default"
            size="lg"
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t('home')}
          </ButtonLink>
        )}
      </div>
    </section>
  )
}
