import { IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ButtonLink, TextLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import { isOpen, type Outline, type OwnEnrolment, ownEnrolments } from '@/lib/learning'
import classes from './Finished.module.css'

/** Of what is left the course that this one opened, else the most pressing; then the others. */
export function nextOf(course: Outline, all: OwnEnrolment[]): OwnEnrolment[] {
  const opened = new Set(course.opens.map((one) => one.enrolment))
  const left = all.filter((one) => one.id !== course.id && isOpen(one))
  return [...left.filter((one) => opened.has(one.id)), ...left.filter((one) => !opened.has(one.id))]
}

/** What to do after a course: the next one, how many others there are, or that nothing is left. */
export function WhatNext({ course }: { course: Outline }) {
  const { t } = useTranslation('player')
  const { data } = useQuery(ownEnrolments)
  if (!data) return null
  const [next, ...others] = nextOf(course, data)
  const upcoming = data.filter((one) => one.standing === 'upcoming')
  return (
    <section className={classes.next} aria-labelledby="next">
      <h2 id="next" className={classes.nextTitle}>
        {t(next ? 'next_title' : 'next_none')}
      </h2>
      {next ? (
        <>
          <p className={classes.course}>{next.course_title}</p>
          <p className={classes.facts2}>
            {t('due')} <DateText value={next.due_on} /> · {t('minutes', { count: next.minutes_left })}
          </p>
          <ButtonLink
            to="/learn/$enrolment"
            params={{ enrolment: next.id }}
            size="lg"
            variant={course.certificate ? 'default' : 'filled'}
            className={classes.action}
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t('next_go')}
          </ButtonLink>
          {others.length > 0 && (
            <p>
              <TextLink to="/learn">{t('next_others', { count: others.length })}</TextLink>
            </p>
          )}
        </>
      ) : (
        <>
          <p>{upcoming.length > 0 ? t('next_upcoming', { count: upcoming.length }) : t('next_rest')}</p>
          <ButtonLink
            to="/learn"
            variant="default"
            size="lg"
            className={classes.action}
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t('home')}
          </ButtonLink>
        </>
      )}
    </section>
  )
}
