import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/lib/format'
import { storageQuery } from '../api/media'
import classes from './Media.module.css'

/** How much of the storage is taken, and how much of that nobody uses. */
export function StorageLine() {
  const { t } = useTranslation('media')
  const { data } = useQuery(storageQuery)
  if (!data) return null
  const percent = Math.min(100, (data.kept / Math.max(data.quota, 1)) * 100)
  return (
    <section className={classes.storage} aria-label={t('storage.title')}>
      <Progress
        value={percent}
        size="lg"
        color={percent > 90 ? 'red' : undefined}
        aria-label={t('storage.title')}
      />
      <p>
        {t('storage.text', { kept: formatBytes(data.kept), quota: formatBytes(data.quota) })}
        {data.unused > 0 && t('storage.unused', { unused: formatBytes(data.unused), days: data.grace_days })}
      </p>
    </section>
  )
}
