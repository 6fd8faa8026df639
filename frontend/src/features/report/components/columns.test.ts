import { beforeEach, expect, it } from 'vitest'
import { moved, rememberColumns, rememberedColumns } from './columns'

beforeEach(() => localStorage.clear())

it('remembers the columns, and nothing that is none', () => {
  expect(rememberedColumns()).toContain('status')
  rememberColumns(['login_id', 'field:0197b5e2-0000-7000-8000-000000000001', 'login_id'])
  expect(rememberedColumns()).toEqual(['login_id', 'field:0197b5e2-0000-7000-8000-000000000001'])
  for (const bad of ['{', '[]', '[5]', '["<b>"]', '"name"']) {
    localStorage.setItem('kenshu.report.columns', bad)
    expect(rememberedColumns()).toContain('status')
  }
})

it.each([
  ['b', 1, ['a', 'c', 'b']],
  ['b', -1, ['b', 'a', 'c']],
  ['a', -1, ['a', 'b', 'c']],
  ['c', 1, ['a', 'b', 'c']],
  ['x', 1, ['a', 'b', 'c']],
] as const)('moves %s by %d', (name, step, after) =>
  expect(moved(['a', 'b', 'c'], name, step)).toEqual(after),
)
