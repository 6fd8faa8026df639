import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ButtonLink, TextLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { formatDate } from '@/lib/format'
import { type Outline, ownEnrolment } from '@/lib/learning'
import { Finished } from '../components/Finished'
import { OutlineList } from '../components/OutlineList'
import classes from '../components/Player.module.css'

const route = getRouteApi('/shell/learn/$enrolment')

/** One course: what it is, by when, its lessons, and when it is finished what that means. */
export function CoursePage() {
  const { enrolment } = route.useParams()
  const outline = useQuery(ownEnrolment(enrolment))
  if (outline.isPending) return <PageSkeleton />
  if (!outline.data) return <ErrorState error={outline.error} onRetry={() => outline.refetch()} page />
  return <Course outline={outline.data} />
}

function Course({ outline }: { outline: Outline }) {
  const { t } = useTranslation('player')
  const waits = outline.status === 'not_started' && outline.waits_for.length > 0
  const go = outline.resume && outline.standing !== 'upcoming' && outline.standing !== 'closed' && !waits
  return (
    <>
      <PageHeader
        title={outline.course_title}
        description={
          <>
            {outline.round_title}
            <br />
            {t('due')} <DateText value={outline.due_on} />
          </>
        }
        back={<TextLink to="/learn">{t('home')}</TextLink>}
        action={
          go && outline.resume ? (
            <ButtonLink
              to="/learn/$enrolment/$lesson"
              params={{ enrolment: outline.id, lesson: outline.resume }}
              size="md"
              leftSection={<IconPlayerPlay size={20} aria-hidden />}
            >
              {t(outline.status === 'not_started' ? 'begin' : 'continue')}
            </ButtonLink>
          ) : undefined
        }
      />
      {outline.status === 'completed' && <Finished course={outline} />}
      {outline.standing === 'upcoming' && (
        <p>
          {t('upcoming')} <DateText value={outline.starts_on} />
        </p>
      )}
      {waits && (
        <div className={classes.waits}>
          {outline.waits_for.map((one) => (
            <p key={one.title}>
              {one.enrolment ? (
                <TextLink to="/learn/$enrolment" params={{ enrolment: one.enrolment }}>
                  {t('waitsFor', { title: one.title })}
                </TextLink>
              ) : (
                t('waitsForUnknown', { title: one.title })
              )}
            </p>
          ))}
        </div>
      )}
      {outline.moved_at && !['not_started', 'completed'].includes(outline.status) && (
        <p className={classes.summary}>
          {t('renewed', {
            context: outline.began_again ? 'again' : 'keep',
            day: formatDate(outline.moved_at),
          })}
        </p>
      )}
      {outline.standing === 'closed' && <p>{t('closed')}</p>}
      {outline.summary && <p className={classes.summary}>{outline.summary}</p>}
      <h2 className={classes.heading}>
        {t('lessons', { done: outline.lessons_done, total: outline.lessons_total })}
      </h2>
      <div className={classes.outlineBox}>
        <OutlineList outline={outline} />
      </div>
      <p>
        <TextLink to="/notes">{t('notes.all')}</TextLink>
      </p>
    </>
  )
}
