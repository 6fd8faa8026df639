import { useTranslation } from 'react-i18next'
import { formatDate, formatNumber } from '@/lib/format'
import type { Dashboard } from '../api/dashboard'
import classes from './DayPlot.module.css'
import { pointsOf } from './plot'

const width = 600
const height = 180
const pad = { left: 36, right: 8, top: 10, bottom: 24 }

/** Completions of the last weeks, day by day; the table below says the same in words. */
export function DayPlot({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const points = pointsOf(board.days, board.today, 60)
  const total = points.at(-1)?.sum ?? 0
  if (total === 0) return <p className={classes.note}>{t('days.none')}</p>
  const top = Math.max(4, Math.ceil(Math.max(...points.map((point) => point.count)) / 4) * 4)
  const step = (width - pad.left - pad.right) / points.length
  const y = (count: number) => height - pad.bottom - (count / top) * (height - pad.top - pad.bottom)
  const marks = [0, top / 2, top]
  return (
    <>
      <p className={classes.note}>{t('days.total', { count: total })}</p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={classes.plot}
        role="img"
        aria-label={t('days.label', { count: total })}
      >
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={pad.left} x2={width - pad.right} y1={y(mark)} y2={y(mark)} className={classes.grid} />
            <text x={pad.left - 6} y={y(mark) + 4} textAnchor="end">
              {formatNumber(mark)}
            </text>
          </g>
        ))}
        {points.map((point, index) => (
          <rect
            key={point.day}
            x={pad.left + index * step + step * 0.12}
            width={Math.max(1, step * 0.76)}
            y={y(point.count)}
            height={height - pad.bottom - y(point.count)}
            className={classes.day}
          >
            <title>{`${formatDate(point.day)} ${point.count}`}</title>
          </rect>
        ))}
        {[0, points.length - 1].map((index) => (
          <text
            key={index}
            x={index === 0 ? pad.left : width - pad.right}
            y={height - 6}
            textAnchor={index === 0 ? 'start' : 'end'}
          >
            {formatDate(points[index]?.day ?? '').slice(5)}
          </text>
        ))}
      </svg>
    </>
  )
}
