import { afterEach, expect, it } from 'vitest'
import { asText, dropDraft, keepDraft, keptDrafts, type Note } from './notes'

afterEach(() => localStorage.clear())

it('forgets a text only once the server has it or a newer one', () => {
  keepDraft('p.e.l', { key: 'k', base: 1, seq: 5, text: 'new' })
  keepDraft('other.e.l', { key: 'k', base: 0, seq: 1, text: 'theirs' })
  dropDraft('p.e.l', 'k', 4)
  expect(keptDrafts('p.e.l').map((one) => one.text)).toEqual(['new'])
  dropDraft('p.e.l', 'k', 5)
  expect(keptDrafts('p.e.l')).toEqual([])
  expect(keptDrafts('other.e.l').length).toBe(1)
})

it('writes notes by course and lesson', () => {
  const note = (course_title: string, lesson_title: string, text: string, position?: number) =>
    ({ course_title, lesson_title, text, ...(position !== undefined && { position }) }) as Note
  const text = asText([note('A', '1', 'x'), note('A', '1', 'y', 5000), note('B', '1', 'z')], String)
  expect(text.split('\r\n').filter(Boolean)).toEqual(['# A', '## 1', 'x', '[5000] y', '# B', '## 1', 'z'])
})
