import { formatDate, formatDateTime } from '@/lib/format'

/** A date (`2026/04/01`) or, with `time`, an instant (`2026/04/01 09:05`), in the association's time zone. */
export function DateText({ value, time }: { value: string; time?: boolean }) {
  return <time dateTime={value}>{time ? formatDateTime(value) : formatDate(value)}</time>
}
