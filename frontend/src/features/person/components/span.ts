/** When a course ran for somebody, in calendar days; `from` and `to` are fractions of the whole span. */
export interface Bar {
  from: number
  to: number
  /** Where it was completed, when it was. */
  done?: number
}

interface Course {
  starts_on: string
  due_on: string
  completed_at?: string
}

const time = (value: string) => new Date(value).getTime()

/** Puts courses on one line of time, from the first start to the last due day or completion. */
export function barsOf(courses: readonly Course[]): Bar[] {
  const ends = courses.flatMap((one) => [
    time(one.due_on),
    ...(one.completed_at ? [time(one.completed_at)] : []),
  ])
  const first = Math.min(...courses.map((one) => time(one.starts_on)))
  const length = Math.max(...ends) - first || 1
  const at = (value: string) => Math.min(1, Math.max(0, (time(value) - first) / length))
  return courses.map((one) => ({
    from: at(one.starts_on),
    to: Math.max(at(one.due_on), at(one.starts_on)),
    ...(one.completed_at && { done: at(one.completed_at) }),
  }))
}
