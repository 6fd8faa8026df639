import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Dashboard, trendsQuery } from '../api/dashboard'
import { TrendPlot } from './TrendPlot'
import classes from './TrendPlot.module.css'

const few = 6

/** How the open rounds went towards their deadlines, the soonest first. Nothing until there is a second day to compare with. */
export function Trends({ board, className }: { board: Dashboard; className: string | undefined }) {
  const { t } = useTranslation('dashboard')
  const { data } = useQuery(trendsQuery)
  const [all, setAll] = useState(false)
  const trends = (data ?? []).filter(({ days }) => days.length > 1 && days.some((day) => day.assigned > 0))
  if (trends.length === 0) return null
  return (
    <section className={className} aria-labelledby="trends-heading">
      <h2 id="trends-heading">{t('trends.title')}</h2>
      <p className={classes.legend}>{t('trends.legend')}</p>
      <div className={classes.plots}>
        {trends.slice(0, all ? undefined : few).map((trend) => (
          <TrendPlot
            key={trend.round_id}
            trend={trend}
            forecast={board.forecasts.find((one) => one.round_id === trend.round_id)}
          />
        ))}
      </div>
      {!all && trends.length > few && (
        <Button variant="subtle" className="no-print" onClick={() => setAll(true)}>
          {t('trends.all', { count: trends.length })}
        </Button>
      )}
    </section>
  )
}
