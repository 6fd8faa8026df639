import { expect, test } from 'vitest'
import { readsAsNumber } from './number'

test.each(['３．１４', '1,234,567', '−5', '+.5', ' 1 000 ', '1.', '２Ｅ－１'])('%s is a number', (text) => {
  expect(readsAsNumber(text)).toBe(true)
})

test.each(['1,5', '', 'abc', '72時間', '1e999', '0x10', '1/3', '1,2345', '--1'])('%s is none', (text) => {
  expect(readsAsNumber(text)).toBe(false)
})
