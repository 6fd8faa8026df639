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

/** Percent done, rounded down so that 100 means everybody. */
export function rateOf({ completed, assigned }: { completed: number; assigned: number }): number {
  return assigned === 0 ? 0 : Math.floor((completed * 100) / assigned)
}

/** Lays out one round: from its first day with figures to its deadline, or to today when that has passed. */
export function shapeOf(
  { days, deadline_on }: Trend,
  forecast: Forecast | undefined,
): TrendShape | undefined {
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last || days.every((day) => day.assigned === 0)) return undefined
  const start = number(first.day)
  const points = days.map((day) => ({ at: number(day.day) - start, day: day.day, rate: rateOf(day) }))
  const deadline = number(deadline_on) - start
  const span = Math.max(1, deadline, points.at(-1)?.at ?? 0)
  const open = last.assigned - last.completed
  const ahead =
    forecast && deadline > number(last.day) - start
      ? {
          at: deadline,
          day: deadline_on,
          rate: rateOf({
            completed: last.completed + Math.max(0, open - forecast.late),
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
