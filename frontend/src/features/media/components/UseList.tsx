import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { storageQuery, usesQuery } from '../api/media'
import classes from './Media.module.css'

/** Where a file is used, each place a way there; or since when nowhere, and what becomes of it. */
export function UseList({ id, unusedSince }: { id: string; unusedSince: string | undefined }) {
  const { t } = useTranslation('media')
  const { data, error, refetch } = useQuery(usesQuery(id))
  const storage = useQuery(storageQuery)
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <RowsSkeleton rows={2} />
  return (
    <section aria-label={t('used.title')}>
      <h2>{t('used.title')}</h2>
      {data.length === 0 && (
        <p>
          {t('used.none', { days: storage.data?.grace_days ?? 30 })}
          {unusedSince && (
            <>
              {' '}
              {t('used.since')} <DateText value={unusedSince} />
            </>
          )}
        </p>
      )}
      <ul className={classes.uses}>
        {data.map((use) => (
          <li key={`${use.lesson_id} ${use.version} ${use.earlier}`}>
            <Link
              to="/courses/$courseId"
              params={{ courseId: use.course_id }}
              search={use.version === 0 && use.lesson_id ? { lesson: use.lesson_id } : {}}
            >
              {use.course_title} — {use.lesson_id ? use.lesson_title : t('used.cover')}
            </Link>
            <span className={classes.where}>
              {use.version === 0 ? t('used.draft') : t('used.version', { number: use.version })}
              {use.earlier && t('used.earlier')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
