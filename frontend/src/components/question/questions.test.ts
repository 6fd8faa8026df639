import { expect, test } from 'vitest'
import {
  addPair,
  inOrder,
  mark,
  newChoice,
  newQuestion,
  newUuid,
  ofKind,
  questionKinds,
  saidTwice,
  strayTargets,
  targetOf,
  withoutChoice,
  withoutPair,
} from './questions'

const ids = (question: { choices: { id: string }[] }) => question.choices.map((one) => one.id)

test('ids are UUIDs and choices never share one', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const choices = [newChoice([])]
  for (let n = 0; n < 40; n++) choices.push(newChoice(choices))
  expect(new Set(choices.map((one) => one.id)).size).toBe(41)
})

test('only a multiple question has several right choices', () => {
  const empty = newQuestion('single')
  const [a = '', b = ''] = ids(empty)
  expect(mark(mark(empty, a, true), b, true).correct).toEqual([b])
  const multiple = mark(mark({ ...empty, kind: 'multiple' }, a, true), b, true)
  expect(multiple.correct).toEqual([a, b])
  expect(ofKind(multiple, 'single').correct).toEqual([a])
  expect(ids(ofKind(multiple, 'true_false'))).toEqual(['true', 'false'])
  expect(ofKind(ofKind(multiple, 'true_false'), 'single').choices).toHaveLength(2)
})

test('a deleted choice is no longer right', () => {
  const empty = newQuestion('multiple')
  const [a = ''] = ids(empty)
  expect(withoutChoice(mark(empty, a, true), a).correct).toEqual([])
})

test('changing the kind keeps the text, and the choices where both kinds have them', () => {
  for (const from of questionKinds)
    for (const to of questionKinds) {
      const question = ofKind({ ...newQuestion(from), text: 'T', explanation: 'E' }, to)
      expect([question.kind, question.text, question.explanation]).toEqual([to, 'T', 'E'])
      if (to !== 'matching') expect(question.targets).toBeUndefined()
    }
  const single = newQuestion('single')
  expect(ofKind(single, 'ordering').correct).toEqual(ids(single))
  expect(ofKind(inOrder({ ...single, kind: 'ordering' }), 'multiple').correct).toEqual([])
})

test('pairs keep their targets', () => {
  let question = addPair(newQuestion('matching'))
  const [first = '', second = ''] = ids(question)
  const target = targetOf(question, second)
  question = withoutPair(question, first)
  expect(question.choices).toHaveLength(2)
  expect(question.targets).toHaveLength(2)
  expect(targetOf(question, second)).toEqual(target)
  const shared = {
    ...question,
    correct: question.correct.map((pair) => `${pair.split('=')[0]}=${target?.id}`),
  }
  expect(strayTargets(shared)).toHaveLength(1)
  expect(targetOf(withoutPair(shared, second), ids(shared)[1] ?? '')).toEqual(target)
})

test('a choice that says what another says is found, whatever its width; case and exponents are not the same', () => {
  const said = (...texts: string[]) => [
    ...saidTwice(texts.map((text, index) => ({ id: String(index), text }))),
  ]
  expect(said('ＩＤ　1', ' ID 1', '')).toEqual(['1'])
  expect(said('ｶﾞﾗｽ', 'ガラス', 'ガラス')).toEqual(['1', '2'])
  expect(said('x²', 'x2', 'ID', 'id', 'は', 'ば', '', '')).toEqual([])
})
