import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import states from '@/components/States.module.css'
import { lockedBy, type Outline } from '@/lib/learning'
import { usePageTitle } from '@/lib/page-title'

/** The faults that say that something comes before a lesson. */
export const notYet = ['lesson_locked', 'course_locked', 'round_not_started']

interface NotYetProps {
  outline: Outline
  lesson: string
  /** What the server says of it, for what the outline does not show. */
  sentence: string
}

/** A lesson whose turn has not come: what comes first, and the way there. */
export function NotYet({ outline, lesson, sentence }: NotYetProps) {
  const { t } = useTranslation('player')
  const title = outline.lessons.find((one) => one.id === lesson)?.title ?? outline.course_title
  usePageTitle(`${title} - ${outline.course_title}`)
  const course = outline.waits_for[0]
  const first = course ? undefined : lockedBy(outline, lesson)
  const upcoming = outline.standing === 'upcoming'
  return (
    <main className={states.state}>
      <span className={states.mark}>
        <IconLock size={28} stroke={1.5} aria-hidden />
      </span>
      <h1 className={states.title}>{t('notYet.title', { title })}</h1>
      <div className={states.text}>
        {upcoming ? (
          <p>
            {t('upcoming')} <DateText value={outline.starts_on} />
          </p>
        ) : course ? (
          <p>{t(course.enrolment ? 'waitsFor' : 'waitsForUnknown', { title: course.title })}</p>
        ) : (
          <p>{first ? t('locked', { title: first.title }) : sentence}</p>
        )}
      </div>
      <div className={states.actions}>
        {!upcoming && course?.enrolment && (
          <ButtonLink to="/learn/$enrolment" params={{ enrolment: course.enrolment }}>
            {t('notYet.open', { title: course.title })}
          </ButtonLink>
        )}
        {!upcoming && first && (
          <ButtonLink
            to="/learn/$enrolment/$lesson"
            params={{ enrolment: outline.id, lesson: first.id }}
            preload={false}
          >
            {t('notYet.open', { title: first.title })}
          </ButtonLink>
        )}
        <ButtonLink to="/learn/$enrolment" params={{ enrolment: outline.id }} variant="default">
          {t('toCourse')}
        </ButtonLink>
      </div>
    </main>
  )
}
