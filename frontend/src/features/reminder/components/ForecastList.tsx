import { Button, Group } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatNumber } from '@/lib/format'
import { type Forecast, forecastQuery } from '../api/reminders'
import { ForecastPeople } from './ForecastPeople'
import { isMoved } from './plan'
import classes from './Reminder.module.css'

/** What will go out in the next 30 days, day by day; `round` narrows it to one. */
export function ForecastList({ round = '' }: { round?: string }) {
  const { t } = useTranslation('reminder')
  const query = useQuery(forecastQuery(round))
  const [open, setOpen] = useState<Forecast>()
  if (query.isPending) return <RowsSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  if (query.data.length === 0)
    return (
      <EmptyState
        heading="h3"
        icon={IconCalendarOff}
        title={t('forecast.none')}
        text={t('forecast.noneText')}
      />
    )
  const days = [...new Set(query.data.map(({ day }) => day))]
  return (
    <>
      <p className={classes.help}>{t('forecast.help')}</p>
      <ol className={classes.forecast}>
        {days.map((day) => (
          <li key={day} className={classes.day}>
            <span className={classes.date}>
              <DateText value={day} />
              {t('weekday', { context: String(new Date(`${day}T00:00:00Z`).getUTCDay()) })}
            </span>
            <ul className={classes.rows}>
              {query.data
                .filter((row) => row.day === day)
                .map((row) => (
                  <li key={row.round_id + row.kind} className={classes.row}>
                    <Row row={row} linked={round === ''} onOpen={() => setOpen(row)} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
      {open && <ForecastPeople row={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Row({ row, linked, onOpen }: { row: Forecast; linked: boolean; onOpen: () => void }) {
  const { t } = useTranslation('reminder')
  const sent = row.total - row.without_address
  return (
    <>
      <span className={classes.what}>
        {linked && (
          <>
            <Link to="/rounds/$roundId/reminders" params={{ roundId: row.round_id }}>
              {row.title}
            </Link>
            {'　'}
          </>
        )}
        {row.kind === 'before' && row.left !== undefined
          ? t('forecast.before', { count: row.left })
          : t('kind', { context: row.kind })}
        {isMoved(row) && (
          <small>
            {' — '}
            {t('forecast.moved', {
              context: (row.planned ?? 0) > 0 ? 'after' : 'before',
              count: Math.abs(row.planned ?? 0),
            })}
          </small>
        )}
      </span>
      <Group gap="sm">
        <span>{t('forecast.sent', { count: sent, formatted: formatNumber(sent) })}</span>
        {row.without_address > 0 && (
          <span>
            {t('forecast.without', {
              count: row.without_address,
              formatted: formatNumber(row.without_address),
            })}
          </span>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={onOpen}
          aria-label={t('forecast.openOf', { name: row.example, count: row.total - 1, title: row.title })}
        >
          {row.total > 1 ? t('forecast.others', { name: row.example, count: row.total - 1 }) : row.example}
        </Button>
      </Group>
    </>
  )
}
