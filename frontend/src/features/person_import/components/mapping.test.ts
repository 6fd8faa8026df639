import { expect, test } from 'vitest'
import type { ImportForm } from '../api/imports'
import { columnName, initialDraft, mappingOf, noKind, problemsOf, wordsOpen } from './mapping'

const form: ImportForm = {
  heading_row: 1,
  key: 'either',
  remembered: false,
  columns: [
    { heading: '姓', target: 'name_family', sure: true, samples: ['田中'], filled: 1 },
    { heading: '備考', target: '', sure: false, samples: [], filled: 0 },
    { heading: '形態', target: 'employment_kind', sure: false, samples: ['常勤'], filled: 1 },
  ],
  words: [{ text: '常勤さん', kind: '', count: 1 }],
}

test('columns are named as Excel names them', () => {
  expect([0, 25, 26, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
})

test('what the server refuses is told first', () => {
  const draft = initialDraft(form)
  expect(problemsOf(draft)).toEqual([])
  expect(problemsOf({ ...draft, targets: ['', '', ''] })[0]?.key).toBe('needName')
  expect(problemsOf({ ...draft, targets: ['name', 'name_family', ''] })[0]?.key).toBe('bothNames')
  expect(problemsOf({ ...draft, targets: ['name', 'email', 'email'] })[0]?.key).toBe('twice')
  expect(problemsOf({ ...draft, targets: ['name', 'departments', 'departments'] })).toEqual([])
  expect(problemsOf({ ...draft, key: 'employee_number' })[0]?.key).toBe('needKey')
})

test('words without a meaning are named while their column is read', () => {
  const draft = initialDraft(form)
  expect(wordsOpen(form, draft)).toEqual(['常勤さん'])
  expect(wordsOpen(form, { ...draft, words: { 常勤さん: 'part_time' } })).toEqual([])
  expect(wordsOpen(form, { ...draft, words: { 常勤さん: noKind } })).toEqual([])
  expect(wordsOpen(form, { ...draft, targets: ['name_family', '', ''] })).toEqual([])
})

test('a word without a meaning is not sent', () => {
  const draft = initialDraft(form)
  expect(mappingOf(form, draft).words).toEqual([])
  expect(mappingOf(form, { ...draft, words: { 常勤さん: noKind } }).words).toEqual([])
  expect(mappingOf(form, { ...draft, words: { 常勤さん: 'part_time' } }).words).toEqual([
    { text: '常勤さん', kind: 'part_time' },
  ])
})
