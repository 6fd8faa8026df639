import { Progress } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { formatBytes } from '@/lib/format'
import { percentOf } from '@/lib/percent'
import type { StorageUse } from '../api/storage'
import classes from './Operation.module.css'

type Owner = StorageUse['largest'][number]

/** The organisations that keep the most, beside what each may. */
export function LargestTable({ largest, quota }: { largest: Owner[]; quota: number }) {
  const { t } = useTranslation('operation')
  const columns = useMemo<Column<Owner>[]>(
    () => [
      { id: 'name', header: t('storage.organisation'), card: 'title', cell: (row) => row.name },
      { id: 'code', header: t('storage.code'), width: '9rem', cell: (row) => row.code },
      {
        id: 'bytes',
        header: t('storage.kept'),
        width: '8rem',
        align: 'end',
        cell: (row) => formatBytes(row.bytes),
      },
      {
        id: 'share',
        header: t('storage.share', { quota: formatBytes(quota) }),
        width: '14rem',
        cell: (row) => {
          const percent = percentOf(row.bytes, quota)
          return (
            <span className={classes.share}>
              <Progress value={percent} color={percent >= 90 ? 'red' : undefined} aria-hidden />
              {percent}%
            </span>
          )
        },
      },
    ],
    [t, quota],
  )
  return (
    <>
      <h3 className={classes.heading}>{t('storage.largest')}</h3>
      <DataTable
        label={t('storage.largest')}
        columns={columns}
        rows={largest}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        empty={null}
      />
    </>
  )
}
