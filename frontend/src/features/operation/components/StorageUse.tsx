import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatBytes, formatDateTime, formatNumber } from '@/lib/format'
import { percentOf } from '@/lib/percent'
import type { Operation } from '../api/operation'
import { type Disk, disksOf, isLow, storageQuery, type StorageUse as Use } from '../api/storage'
import { LargestTable } from './LargestTable'
import classes from './Operation.module.css'
import { StorageGrowth } from './StorageGrowth'
import { StorageKinds } from './StorageKinds'

/** How much the installation keeps, of what, for whom, and how much room is left. */
export function StorageUse({ state }: { state: Operation }) {
  const { t } = useTranslation('operation')
  const query = useQuery(storageQuery)
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const use = query.data
  return (
    <section aria-labelledby="operation-storage">
      <h2 id="operation-storage" className={classes.heading}>
        {t('storage.title')}
      </h2>
      {!use ? (
        <RowsSkeleton rows={3} />
      ) : (
        <>
          <p className={classes.note}>
            {use.counted_at
              ? t('storage.text', { when: formatDateTime(use.counted_at) })
              : t('storage.uncounted')}
          </p>
          <Sizes use={use} state={state} />
          {use.kinds.length > 0 && <StorageKinds kinds={use.kinds} />}
          <StorageGrowth days={use.days} />
          {use.largest.length > 0 && <LargestTable largest={use.largest} quota={use.quota} />}
        </>
      )}
    </section>
  )
}

function Sizes({ use, state }: { use: Use; state: Operation }) {
  const { t } = useTranslation('operation')
  return (
    <dl className={classes.parts}>
      {use.counted_at && (
        <>
          <div className={classes.part}>
            <dt>{t('storage.files')}</dt>
            <dd>
              {t('storage.filesText', { bytes: formatBytes(use.bytes), files: formatNumber(use.files) })}
            </dd>
          </div>
          <div className={classes.part}>
            <dt>{t('storage.database')}</dt>
            <dd>
              {state.engine === 'mysql'
                ? t('storage.estimate', { bytes: formatBytes(use.database) })
                : formatBytes(use.database)}
            </dd>
          </div>
        </>
      )}
      {disksOf(state.parts).map((disk) => (
        <DiskRoom key={disk.parts.join()} disk={disk} />
      ))}
    </dl>
  )
}

function DiskRoom({ disk }: { disk: Disk }) {
  const { t } = useTranslation('operation')
  const name = t('storage.disk', { what: disk.parts.map((part) => t('part', { context: part })).join(' / ') })
  return (
    <div className={classes.part}>
      <dt>{name}</dt>
      <dd>
        {t(isLow(disk) ? 'storage.low' : 'storage.free', {
          free: formatBytes(disk.free),
          total: formatBytes(disk.total),
        })}
        <Progress
          mt="xs"
          value={100 - percentOf(disk.free, disk.total)}
          color={isLow(disk) ? 'red' : undefined}
          aria-label={t('storage.taken', { name })}
        />
      </dd>
    </div>
  )
}
