import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { formatDate, formatNumber } from '@/lib/format'
import type { Forecast, Trend } from '../api/dashboard'
import classes from './TrendPlot.module.css'
import { endOf, rateOf, shapeOf, someOf, type TrendShape } from './trend'

const width = 360
const height = 170
const pad = { left: 38, right: 10, top: 12, bottom: 22 }

/** The rate of one round from its first day towards its deadline. The table says the same in figures. */
export function TrendPlot({ trend, forecast }: { trend: Trend; forecast: Forecast | undefined }) {
  const { t } = useTranslation('dashboard')
  const shape = shapeOf(trend, forecast)
  const last = trend.days.at(-1)
  if (!shape || !last) return null
  const rate = rateOf(last)
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.head}>
        <Link to="/report" search={{ round: [trend.round_id] }}>
          {trend.title}
        </Link>
        <strong>{rate}%</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={classes.plot}
        role="img"
        aria-label={t('trends.label', {
          title: trend.title,
          rate,
          completed: last.completed,
          assigned: last.assigned,
          context: trend.due_rule === 'fixed' ? 'fixed' : 'each',
          deadline: formatDate(endOf(trend)),
        })}
      >
        <Lines shape={shape} />
        <Axis trend={trend} shape={shape} />
      </svg>
      <details>
        <summary>{t('trends.table')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('trends.day')}</th>
              <th scope="col">{t('trends.rate')}</th>
              <th scope="col">{t('trends.completed')}</th>
              <th scope="col">{t('trends.assigned')}</th>
              <th scope="col">{t('overdue')}</th>
            </tr>
          </thead>
          <tbody>
            {someOf(trend.days, 15).map((day) => (
              <tr key={day.day}>
                <th scope="row">
                  <DateText value={day.day} />
                </th>
                <td>{rateOf(day)}%</td>
                <td>{formatNumber(day.completed)}</td>
                <td>{formatNumber(day.assigned)}</td>
                <td>{formatNumber(day.overdue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

const xOf = (shape: TrendShape) => (at: number) =>
  pad.left + (at / shape.span) * (width - pad.left - pad.right)
const yOf = (rate: number) => height - pad.bottom - (rate / 100) * (height - pad.top - pad.bottom)

function Lines({ shape }: { shape: TrendShape }) {
  const x = xOf(shape)
  const line = shape.points.map(({ at, rate }) => `${x(at).toFixed(1)},${yOf(rate).toFixed(1)}`)
  const first = shape.points[0]
  const last = shape.points.at(-1)
  if (!first || !last) return null
  return (
    <>
      {[0, 50, 100].map((mark) => (
        <g key={mark}>
          <line x1={pad.left} x2={width - pad.right} y1={yOf(mark)} y2={yOf(mark)} className={classes.grid} />
          <text x={pad.left - 6} y={yOf(mark) + 4} textAnchor="end">
            {mark}%
          </text>
        </g>
      ))}
      <polygon
        points={`${x(first.at)},${yOf(0)} ${line.join(' ')} ${x(last.at)},${yOf(0)}`}
        className={classes.area}
      />
      <polyline points={line.join(' ')} className={classes.line} />
      {shape.ahead && (
        <line
          x1={x(last.at)}
          y1={yOf(last.rate)}
          x2={x(shape.ahead.at)}
          y2={yOf(shape.ahead.rate)}
          className={classes.ahead}
        />
      )}
      <line
        x1={x(shape.deadline)}
        x2={x(shape.deadline)}
        y1={yOf(104)}
        y2={yOf(0)}
        className={classes.deadline}
      />
      <circle cx={x(last.at)} cy={yOf(last.rate)} r={4.5} className={classes.now} />
    </>
  )
}

/** The first day, and the deadline or today, whichever ends the plot. */
function Axis({ trend, shape }: { trend: Trend; shape: TrendShape }) {
  const first = shape.points[0]
  const last = shape.points.at(-1)
  if (!first || !last) return null
  const end = shape.deadline === shape.span ? endOf(trend) : last.day
  return (
    <>
      <text x={pad.left} y={height - 4}>
        {formatDate(first.day).slice(5)}
      </text>
      <text x={width - pad.right} y={height - 4} textAnchor="end">
        {formatDate(end).slice(5)}
      </text>
    </>
  )
}
