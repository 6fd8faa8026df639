import { expect, it } from 'vitest'
import { percentOf } from '@/lib/percent'
import type { Department } from '../api/dashboard'
import { above, below } from './departments'

const figures = (assigned: number, completed: number) => ({
  assigned,
  completed,
  in_progress: 0,
  not_started: assigned - completed,
  failed: 0,
  overdue: 0,
  exempt: 0,
  withdrawn: 0,
  rate: percentOf(completed, assigned),
})
const department = (
  id: string,
  parent: string | undefined,
  assigned: number,
  completed: number,
): Department => ({
  id,
  name: id,
  depth: 1,
  figures: figures(assigned, completed),
  rounds: [{ round_id: 'r', figures: figures(assigned, assigned) }],
  ...(parent && { parent_id: parent }),
})

const all = [
  department('top', undefined, 10, 5),
  department('care', 'top', 6, 6),
  department('floor', 'care', 2, 2),
  department('office', 'top', 4, 1),
  department('empty', 'top', 0, 0),
  department('alone', undefined, 3, 0),
]

it('goes down the tree, the lowest rate first, without departments of nobody', () => {
  expect(below(all, undefined, undefined).map(({ id, inner }) => `${id} ${inner}`)).toEqual([
    'alone 0',
    'top 2',
  ])
  expect(below(all, 'top', undefined).map(({ id, inner }) => `${id} ${inner}`)).toEqual([
    'office 0',
    'care 1',
  ])
  expect(below(all, 'top', 'r').map(({ figures: { rate } }) => rate)).toEqual([100, 100])
})

it('names the way up', () => {
  expect(above(all, 'floor').map(({ id }) => id)).toEqual(['top', 'care', 'floor'])
  expect(above(all, undefined)).toEqual([])
})
