import { describe, expect, it } from 'vitest'
import en from '@/locales/en.json'
import ja from '@/locales/ja.json'
import { daysLeft } from './days-left'
import cases from './days-left.json'
import { daysUntil } from './format'

describe('days left', () => {
  it.each(cases)('$due seen at $now', ({ now, due, days, context, count, ...words }) => {
    expect(daysUntil(due, new Date(now))).toBe(days)
    expect(daysLeft(due, new Date(now))).toEqual({ context, count })
    const texts = { ja: ja as Record<string, unknown>, en: en as Record<string, unknown> }
    for (const language of ['ja', 'en'] as const) {
      const one = language === 'en' && count === 1 ? 'one' : 'other'
      const key = context === 'today' ? 'due_today' : `due_${context}_${one}`
      expect(String(texts[language][key]).replace('{{count}}', String(count))).toContain(words[language])
    }
  })
})
