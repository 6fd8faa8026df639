import { expect, test } from 'vitest'
import type { MoodleLesson } from './api/imports'
import { bySection, countKinds } from './sections'

const lesson = (section: string, kind: MoodleLesson['kind'] = 'page'): MoodleLesson => ({
  title: section,
  section,
  kind,
  questions: 0,
  notes: [],
})

test('lessons stay in their order, also when a section comes back', () => {
  const parts = bySection([lesson('一'), lesson('一'), lesson(''), lesson('一')])
  expect(parts.map((part) => [part.section, part.at, part.items.length])).toEqual([
    ['一', 0, 2],
    ['', 2, 1],
    ['一', 3, 1],
  ])
  expect(bySection([])).toEqual([])
})

test('kinds are counted', () => {
  expect(countKinds([lesson('一', 'quiz'), lesson('一'), lesson('二', 'quiz')])).toEqual([
    ['quiz', 2],
    ['page', 1],
  ])
})
