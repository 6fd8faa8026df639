import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatDateTime } from '@/lib/format'
import { versionsQuery } from '../api/courses'
import classes from './HistoryDrawer.module.css'

/** What was published of a course: when, by whom, and who asked and approved before. */
export function VersionsDialog({ course, onClose }: { course: string; onClose: () => void }) {
  const { t } = useTranslation('course')
  const found = useQuery(versionsQuery(course))
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('published.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {found.isPending && <RowsSkeleton rows={2} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className={classes.text}>{t('published.none')}</p>}
      <ol className={classes.list}>
        {found.data?.map((one) => (
          <li key={one.id} className={classes.version}>
            <strong>{t('version', { number: one.number })}</strong> {formatDateTime(one.published_at)}
            <span className={classes.who}>
              {t('published.by', { name: one.published_by || t('history.system') })}
              {one.approved_by && t('published.approved', { asked: one.asked_by, name: one.approved_by })}
            </span>
          </li>
        ))}
      </ol>
    </Modal>
  )
}
