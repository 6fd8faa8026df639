import { Button } from '@mantine/core'
import { IconCertificate, IconConfetti } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Outline } from '@/lib/learning'
import classes from './Finished.module.css'
import { WhatNext } from './WhatNext'

/** The end of a course, said so that it feels like one: what was achieved, the certificate, what is next. */
export function Finished({ course }: { course: Outline }) {
  const { t } = useTranslation('player')
  const minutes = Math.max(1, Math.round(course.spent_seconds / 60))
  return (
    <>
      <section className={classes.finished} aria-labelledby="finished">
        <span className={classes.mark}>
          <IconConfetti size={40} stroke={1.5} aria-hidden />
        </span>
        <h2 id="finished" className={classes.title}>
          {t('finished.title')}
        </h2>
        <dl className={classes.facts}>
          {course.completed_at && (
            <div>
              <dt>{t('finished.on')}</dt>
              <dd>
                <DateText value={course.completed_at} />
              </dd>
            </div>
          )}
          {course.score_percent !== undefined && (
            <div>
              <dt>{t('finished.score')}</dt>
              <dd>{t('finished.points', { count: course.score_percent })}</dd>
            </div>
          )}
          <div>
            <dt>{t('finished.lessons')}</dt>
            <dd>{t('finished.lessonCount', { count: course.lessons_total })}</dd>
          </div>
          {course.spent_seconds > 0 && (
            <div>
              <dt>{t('finished.spent')}</dt>
              <dd>
                {minutes < 60
                  ? t('finished.minutes', { count: minutes })
                  : t('finished.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })}
              </dd>
            </div>
          )}
        </dl>
        {course.certificate && (
          <Button
            component="a"
            href={`/api/v1/me/certificates/${course.certificate}/pdf`}
            download
            size="lg"
            className={classes.action}
            leftSection={<IconCertificate size={22} aria-hidden />}
          >
            {t('finished.certificate')}
          </Button>
        )}
      </section>
      <WhatNext course={course} />
    </>
  )
}
