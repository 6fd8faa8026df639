import { expect, test } from 'vitest'
import { valuesLost } from './choices'

const line = (name: string, was = name) => ({ key: name, name, was })

test('a renamed choice loses nothing, a removed or emptied one loses its people', () => {
  const use = { 日勤: 3, 夜勤: 5 }
  expect(valuesLost(['日勤', '夜勤', '遅番'], [line('昼', '日勤'), line('夜勤'), line('遅番')], use)).toBe(0)
  expect(valuesLost(['日勤', '夜勤', '遅番'], [line('日勤')], use)).toBe(5)
  expect(valuesLost(['日勤', '夜勤'], [line(' ', '日勤'), line('夜勤')], use)).toBe(3)
  expect(valuesLost(['日勤'], [line('日勤', '')], use)).toBe(3)
})
