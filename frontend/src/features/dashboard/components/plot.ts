/** One point of the plot of completions. */
export interface Point {
  day: string
  count: number
  sum: number
}

const oneDay = 24 * 60 * 60 * 1000

/** Fills in the days without a completion and adds up, from the first completion (at most `length` days back) to today. */
export function pointsOf(days: { day: string; count: number }[], today: string, length: number): Point[] {
  const counts = new Map(days.map(({ day, count }) => [day, count]))
  const end = Date.parse(`${today}T00:00:00Z`)
  const first = days[0] ? Date.parse(`${days[0].day}T00:00:00Z`) - oneDay : end
  const start = Math.max(Math.min(first, end - 13 * oneDay), end - (length - 1) * oneDay)
  const points: Point[] = []
  let sum = 0
  for (let at = start; at <= end; at += oneDay) {
    const day = new Date(at).toISOString().slice(0, 10)
    const count = counts.get(day) ?? 0
    sum += count
    points.push({ day, count, sum })
  }
  return points
}
