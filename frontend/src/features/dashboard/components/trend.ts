import { percentOf } from '@/lib/percent'
import type { Forecast, Trend } from '../api/dashboard'

/** A point of a plot: how many days after its first day, and the percentage done then. */
export interface TrendPoint {
  at: number
  day: string
  rate: number
}

/** What a plot of one round draws. */
export interface TrendShape {
  points: TrendPoint[]
  /** How many days the plot is wide. */
  span: number
  /** Where the deadline stands; beyond the end of the plot when it is long past. */
  deadline: number
  /** Where the last days' pace leads until the deadline. */
  ahead: TrendPoint | undefined
}

const oneDay = 24 * 60 * 60 * 1000
const number = (day: string) => Date.parse(`${day}T00:00:00Z`) / oneDay

/** Percent done. */
export function rateOf({ completed, assigned }: { completed: number; assigned: number }): number {
  return percentOf(completed, assigned)
}

/** Where a plot ends: the deadline, or the last day of those who are left where everybody has a day of their own. */
export function endOf({ due_rule, due_last, deadline_on }: Trend): string {
  return due_rule === 'fixed' ? deadline_on : due_last
}

/** Lays out one round: from its first day with figures to its end, or to today when that has passed. */
export function shapeOf(trend: Trend, forecast: Forecast | undefined): TrendShape | undefined {
  const { days } = trend
  const end = endOf(trend)
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last || days.every((day) => day.assigned === 0)) return undefined
  const start = number(first.day)
  const points = days.map((day) => ({ at: number(day.day) - start, day: day.day, rate: rateOf(day) }))
  const deadline = number(end) - start
  const span = Math.max(1, deadline, points.at(-1)?.at ?? 0)
  const left = deadline - (number(last.day) - start)
  const ahead =
    forecast && left > 0
      ? {
          at: deadline,
          day: end,
          rate: rateOf({
            completed: last.completed + Math.floor((forecast.recent * (left + 1)) / forecast.days),
            assigned: last.assigned,
          }),
        }
      : undefined
  return { points, span, deadline, ahead }
}

/** At most `count` of the days, evenly, the first and the last among them: for the table behind a plot. */
export function someOf<Item>(list: Item[], count: number): Item[] {
  if (list.length <= count) return list
  return Array.from(
    { length: count },
    (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))] as Item,
  )
}
