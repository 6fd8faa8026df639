import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { formatNumber } from '@/lib/format'
import type { Operation } from '../api/operation'
import { kindContext, type Work, workByKind } from '../api/work'
import classes from './Operation.module.css'

/** The background work that is not done, by kind. */
export function WorkTable({ jobs }: { jobs: Operation['jobs'] }) {
  const { t } = useTranslation('operation')
  const columns = useMemo<Column<Work>[]>(() => {
    const count = (id: 'queued' | 'running' | 'failed'): Column<Work> => ({
      id,
      header: t('count', { context: id }),
      width: '7rem',
      align: 'end',
      cell: (row) => formatNumber(row[id]),
    })
    const wait = ({ late }: Work) => {
      if (late === undefined) return ''
      if (late < 0) return t('planned')
      return late < 1 ? t('soon') : t('minutes', { minutes: formatNumber(Math.floor(late)) })
    }
    return [
      {
        id: 'kind',
        header: t('column.kind'),
        card: 'title',
        cell: (row) => t('kind', { context: kindContext(row.kind), defaultValue: row.kind }),
      },
      count('queued'),
      count('running'),
      count('failed'),
      { id: 'oldest', header: t('column.oldest'), width: '14rem', cell: wait },
    ]
  }, [t])
  return (
    <section aria-labelledby="operation-work">
      <h2 id="operation-work" className={classes.heading}>
        {t('work')}
      </h2>
      <p className={classes.note}>{t('workText')}</p>
      <DataTable
        label={t('work')}
        columns={columns}
        rows={workByKind(jobs, new Date())}
        rowId={(row) => row.kind}
        rowName={(row) => row.kind}
        empty={<EmptyState title={t('none')} text={t('noneText')} />}
      />
    </section>
  )
}
