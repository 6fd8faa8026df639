import { useTranslation } from 'react-i18next'
import { formatBytes, formatDate } from '@/lib/format'
import { growthOf, type StorageUse } from '../api/storage'
import classes from './Operation.module.css'

/** Files and database day by day, as bars; the sentence below says what came. */
export function StorageGrowth({ days }: { days: StorageUse['days'] }) {
  const { t } = useTranslation('operation')
  const growth = growthOf(days)
  if (!growth) return null
  const signed = (bytes: number) => `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`
  return (
    <figure className={classes.growth}>
      <div className={classes.days} aria-hidden>
        {growth.days.map((one) => (
          <span key={one.day} title={formatDate(one.day)}>
            <i data-part="database" style={{ height: `${one.database * 100}%` }} />
            <i data-part="files" style={{ height: `${one.files * 100}%` }} />
          </span>
        ))}
      </div>
      <figcaption>
        {t('storage.since', { since: formatDate(growth.since) })}
        <span>
          <span className={classes.swatch} data-at={0} aria-hidden />
          {t('storage.growth_files', { bytes: signed(growth.files) })}
        </span>
        <span>
          <span className={classes.swatch} data-at={2} aria-hidden />
          {t('storage.growth_database', { bytes: signed(growth.database) })}
        </span>
      </figcaption>
    </figure>
  )
}
