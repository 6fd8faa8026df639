import { Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatList } from '@/lib/list'
import { catalogueQuery } from '../api/rounds'
import classes from './CourseStep.module.css'
import { fiscalYear, type RoundDraft } from './draft'

interface CourseStepProps {
  draft: RoundDraft
  onChange: (next: Partial<RoundDraft>) => void
}

/** Which course: those the association shares and the organisation's own. */
export function CourseStep({ draft, onChange }: CourseStepProps) {
  const { t } = useTranslation('round')
  const query = useQuery(catalogueQuery)
  if (query.isPending) return <RowsSkeleton rows={3} />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  if (query.data.length === 0)
    return <EmptyState heading="h3" title={t('course.none')} text={t('course.noneText')} />
  const choose = (id: string) => {
    const course = query.data.find((one) => one.course === id)
    if (!course) return
    const year = fiscalYear(draft.startsOn)
    const own = draft.title !== '' && draft.title !== t('course.title', { year, title: draft.course?.title })
    onChange({
      course,
      ...(!own && { title: t('course.title', { year, title: course.title }).slice(0, 200) }),
    })
  }
  return (
    <Radio.Group aria-label={t('wizard.ask_course')} value={draft.course?.course ?? ''} onChange={choose}>
      <Stack gap="sm">
        {query.data.map((course) => (
          <Radio.Card
            key={course.course}
            value={course.course}
            className={classes.card}
            aria-label={course.title}
          >
            <Radio.Indicator mt={4} />
            <div>
              <p className={classes.title}>{course.title}</p>
              {course.summary && <p className={classes.summary}>{course.summary}</p>}
              <p className={classes.facts}>
                {[
                  t('course', { context: course.owner }),
                  t('course.lessons', { count: course.lesson_count }),
                  ...(course.minutes > 0
                    ? [t('course.takes', { count: course.minutes })]
                    : course.duration_ms > 0
                      ? [t('course.minutes', { count: Math.ceil(course.duration_ms / 60_000) })]
                      : []),
                ].join(t('separator'))}
              </p>
              {course.requires.length > 0 && (
                <p className={classes.facts}>
                  {t('course.requires', {
                    titles: formatList(course.requires.map((one) => t('course.quoted', { one }))),
                  })}
                </p>
              )}
              {course.newer && (
                <p className={classes.facts}>{t('course.newer', { number: course.number })}</p>
              )}
            </div>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  )
}
