import { describe, expect, it } from 'vitest'
import type { Department } from './api/departments'
import { openAtFirst, rowsOf, under } from './tree'

function department(id: string, parent_id: string | undefined, depth: number): Department {
  return { id, parent_id, name: id, path: id, depth, members: 0, members_below: 0, deletable: true }
}

const list = [
  department('本社', undefined, 1),
  department('看護部', '本社', 2),
  department('３階', '看護部', 3),
  department('総務', '本社', 2),
  department('支社', undefined, 1),
]

const names = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => row.department.id)

describe('rowsOf', () => {
  it('shows what is open', () => {
    expect(names(rowsOf(list, new Set(), ''))).toEqual(['本社', '支社'])
    expect(names(rowsOf(list, new Set(['本社']), ''))).toEqual(['本社', '看護部', '総務', '支社'])
    expect(names(rowsOf(list, new Set(['看護部']), ''))).toEqual(['本社', '支社'])
  })
  it('finds by folded name and shows what is above', () => {
    const rows = rowsOf(list, new Set(), '3階')
    expect(names(rows)).toEqual(['本社', '看護部', '３階'])
    expect(rows.map((row) => row.open)).toEqual([true, true, false])
    expect(rowsOf(list, new Set(), 'ない')).toEqual([])
  })
  it('says the place among siblings', () => {
    const row = rowsOf(list, new Set(['本社']), '').at(2)
    expect([row?.place, row?.siblings]).toEqual([2, 2])
  })
})

it('opens everything while it is little', () => {
  expect(openAtFirst(list).size).toBe(5)
  const many = Array.from({ length: 50 }, (_, i) =>
    department(`d${i}`, i === 0 ? undefined : 'd0', i === 0 ? 1 : 2),
  )
  expect([...openAtFirst(many)]).toEqual(['d0'])
})

it('knows what is below', () => {
  expect([...under(list, '本社')]).toEqual(['本社', '看護部', '３階', '総務'])
})
