import { expect, test } from 'vitest'
import { mark, newChoice, newQuestion, newUuid, ofKind, withoutChoice } from './questions'

test('ids are UUIDs and choices never share one', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const choices = [newChoice([])]
  for (let n = 0; n < 40; n++) choices.push(newChoice(choices))
  expect(new Set(choices.map((one) => one.id)).size).toBe(41)
})

test('only a multiple question has several right choices', () => {
  const single = mark(mark(newQuestion('single'), 'a', true), 'b', true)
  expect(single.correct).toEqual(['b'])
  const multiple = mark(mark(newQuestion('multiple'), 'a', true), 'b', true)
  expect(multiple.correct).toEqual(['a', 'b'])
  expect(ofKind(multiple, 'single').correct).toEqual(['a'])
  expect(ofKind(multiple, 'true_false').choices.map((one) => one.id)).toEqual(['true', 'false'])
  expect(ofKind(ofKind(multiple, 'true_false'), 'single').choices).toHaveLength(2)
})

test('a deleted choice is no longer right', () => {
  expect(withoutChoice(mark(newQuestion('multiple'), 'a', true), 'a').correct).toEqual([])
})
