import { describe, expect, it } from 'vitest'
import {
  daysUntil,
  formatBytes,
  formatDate,
  formatDateTime,
  formatDuration,
  formatNumber,
  today,
} from './format'

describe('dates', () => {
  it('are shown in the association time zone', () => {
    expect(formatDate('2026-03-31T15:00:00Z')).toBe('2026/04/01')
    expect(formatDateTime('2026-03-31T15:05:00Z')).toBe('2026/04/01 00:05')
  })
  it('without a time are not moved', () => expect(formatDate('2026-04-01')).toBe('2026/04/01'))
  it('that are none are shown as they came', () => expect(formatDateTime('soon')).toBe('soon'))
  it('count whole days over midnight in Tokyo', () => {
    const lateEvening = new Date('2026-03-31T14:59:00Z')
    expect(today(lateEvening)).toBe('2026-03-31')
    expect(daysUntil('2026-04-01', lateEvening)).toBe(1)
    expect(daysUntil('2026-04-01', new Date('2026-03-31T15:00:00Z'))).toBe(0)
    expect(daysUntil('2026-03-30', lateEvening)).toBe(-1)
  })
})

describe('figures', () => {
  it('are grouped', () => expect(formatNumber(1234567)).toBe('1,234,567'))
  it.each([
    [999, '999 B'],
    [1536, '1.5 KB'],
    [300 * 2 ** 20, '300 MB'],
    [2 ** 30 - 1, '1 GB'],
    [5 * 2 ** 30, '5 GB'],
    [200 * 2 ** 30, '200 GB'],
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  it.each([
    [0, '0:00'],
    [65.9, '1:05'],
    [3723, '1:02:03'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text))
})
