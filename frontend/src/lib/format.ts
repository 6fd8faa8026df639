/** Dates and figures as every page shows them: 2026/04/01, 24 h, the association's time zone, grouped figures. */
const zone = 'Asia/Tokyo'

const dateParts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function parts(instant: Date): Record<string, string> {
  return Object.fromEntries(dateParts.formatToParts(instant).map((part) => [part.type, part.value]))
}

/** `2026/04/01` from an RFC 3339 instant or a calendar date `2026-04-01` (which has no zone and is not moved). */
export function formatDate(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value.replaceAll('-', '/')
  const instant = new Date(value)
  if (Number.isNaN(instant.getTime())) return value
  const p = parts(instant)
  return `${p.year}/${p.month}/${p.day}`
}

/** `2026/04/01 09:05` in the association's time zone. */
export function formatDateTime(value: string): string {
  const instant = new Date(value)
  if (Number.isNaN(instant.getTime())) return value
  const p = parts(instant)
  return `${p.year}/${p.month}/${p.day} ${p.hour}:${p.minute}`
}

/** Today's calendar date `2026-04-01` in the association's time zone. */
export function today(now: Date = new Date()): string {
  const p = parts(now)
  return `${p.year}-${p.month}-${p.day}`
}

/** Calendar days from today to date (`2026-04-01`): negative when it has passed. */
export function daysUntil(date: string, now: Date = new Date()): number {
  const day = 24 * 60 * 60 * 1000
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today(now)}T00:00:00Z`)) / day)
}

/** The calendar date so many days after date (`2026-04-01`). */
export function addDays(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(at)) return date
  return new Date(at + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}

const figures = new Intl.NumberFormat('ja-JP')

/** `12,345` */
export function formatNumber(value: number): string {
  return figures.format(value)
}

/**
 * `1.5 MB`: in steps of 1024, as Windows shows the size of a file and as every limit of the product is counted. A limit of 200 that an operator sets is
 * 200 GB on every page, and a file that its owner's computer shows as 300 MB fits where 300 MB are allowed.
 */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (Math.round(value) >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${units[unit]}`
}

/** `1:05` or `1:02:03` from seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, '0')
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}
