import { expect, test } from 'vitest'
import { compare, likeness, pairs, words } from './diff'

const letters = (text: string) => text.split('')
const told = (a: string, b: string) =>
  compare(letters(a), letters(b), (one) => one)
    .map((run) => ({ same: '=', old: '-', new: '+' })[run.kind] + run.items.join(''))
    .join(' ')

test.each([
  ['', '', ''],
  ['abc', 'abc', '=abc'],
  ['', 'ab', '+ab'],
  ['ab', '', '-ab'],
  ['abcd', 'axcd', '=a -b +x =cd'],
  ['abc', 'abcabc', '=abc +abc'],
  ['xaby', 'xbay', '=x -a =b +a =y'],
])('%s to %s', (a, b, want) => expect(told(a, b)).toBe(want))

test('both sides can be put together again from a comparison', () => {
  let seed = 7
  const next = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % n
  }
  for (let round = 0; round < 200; round++) {
    const make = () => Array.from({ length: next(12) }, () => 'abc'[next(3)] ?? 'a').join('')
    const a = make()
    const b = make()
    const runs = compare(letters(a), letters(b), (one) => one)
    const side = (kind: 'old' | 'new') =>
      runs
        .filter((run) => run.kind === 'same' || run.kind === kind)
        .flatMap((run) => run.items)
        .join('')
    expect([side('old'), side('new')]).toEqual([a, b])
  }
})

test('Japanese is compared word by word', () => {
  expect(words('個人情報を守る').join('|')).toContain('|')
  expect(words('個人情報を守る').join('')).toBe('個人情報を守る')
})

test('a changed line stands beside what it was, another line does not', () => {
  const before = ['はじめに', '書類は鍵のかかる書庫にしまいます。', '終わりに']
  const after = ['はじめに', '書類は必ず鍵のかかる書庫にしまいます。', '新しい話です', '終わりに']
  expect(pairs(before, after)).toEqual([
    { before: 'はじめに', after: 'はじめに' },
    { before: before[1], after: after[1] },
    { before: undefined, after: '新しい話です' },
    { before: '終わりに', after: '終わりに' },
  ])
  expect(likeness('まったく違う', 'another thing')).toBeLessThan(0.3)
})

test('two very long lists that have nothing in common are told at once', () => {
  const long = (mark: string) => Array.from({ length: 5000 }, (_, n) => `${mark}${n}`)
  const start = compare(long('a'), long('b'), (one) => one)
  expect(start.map((run) => run.items.length)).toEqual([5000, 5000])
})
