import { expect, it } from 'vitest'
import type { Department } from './api/departments'
import { after } from './steps'

const department = (id: string, parent_id?: string): Department => ({
  id,
  parent_id,
  name: id,
  path: id,
  depth: 1,
  members: 0,
  members_below: 0,
  deletable: true,
})

it('shows the tree as later steps will find it', () => {
  const list = [department('本社'), department('看護部', '本社'), department('支社')]
  const then = after(
    list,
    [
      { kind: 'create', department_id: 'new', name: '本部' },
      { kind: 'move', department_id: '本社', parent_id: 'new' },
      { kind: 'rename', department_id: '看護部', name: 'ケア部' },
      { kind: 'merge', department_id: '支社', into_id: '本社' },
    ],
    '2026-04-01',
  )
  expect(then.map((one) => one.path).sort()).toEqual(
    ['支社', '本部', '本部 / 本社', '本部 / 本社 / ケア部'].sort(),
  )
  expect(then.find((one) => one.id === '支社')?.closed_on).toBe('2026-04-01')
  expect(list[0]?.parent_id).toBeUndefined()
})
