import type { ReactNode } from 'react'
import { formatNumber } from '@/lib/format'
import classes from './Stat.module.css'

interface StatProps {
  label: string
  /** A figure, or a word that says more than one would (“today”). */
  value: number | string
  /** What the figure counts: 人, 件, %. */
  unit?: string
  /** What it is out of, or what it means. */
  note?: ReactNode
  tone?: 'plain' | 'good' | 'late' | 'bad'
  /** Wraps the figure in the link to the list behind it: `(body) => <Link to="…">{body}</Link>`. */
  open?: (body: ReactNode, className: string) => ReactNode
}

/** A figure that opens into the list behind it. */
export function Stat({ label, value, unit, note, tone = 'plain', open }: StatProps) {
  const body = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value} data-tone={tone}>
        {typeof value === 'number' ? formatNumber(value) : value}
        {unit && <span className={classes.unit}>{unit}</span>}
      </span>
      {note && <span className={classes.note}>{note}</span>}
    </>
  )
  return open ? open(body, `${classes.stat} ${classes.open}`) : <div className={classes.stat}>{body}</div>
}
