import { describe, expect, it } from 'vitest'
import { isNarrowed, readReportSearch } from './report-search'

const id = '0197b5e2-0000-7000-8000-000000000001'

describe('readReportSearch', () => {
  it.each([
    [{}, {}],
    [
      { round: id, status: ['overdue', 'nonsense'] },
      { round: [id], status: ['overdue'] },
    ],
    [{ round: ['<script>'], department: 5, due_to: '2026-4-1', q: '' }, {}],
    [{ column: ['name', `field:${id}`, 'a b', 'name'] }, { column: ['name', `field:${id}`] }],
    [{ sort: 'score', descending: 'true', form: 'grid', view: 'x' }, { descending: true }],
    [
      { sort: 'due_on', form: 'matrix', due_from: '2026-04-01' },
      { sort: 'due_on', form: 'matrix', due_from: '2026-04-01' },
    ],
  ])('%j', (typed, read) => expect(readReportSearch(typed)).toEqual(read))
})

it('columns and order narrow nothing', () => {
  expect(isNarrowed({ column: ['name'], sort: 'name', form: 'matrix' })).toBe(false)
  expect(isNarrowed({ q: 'a' })).toBe(true)
})
