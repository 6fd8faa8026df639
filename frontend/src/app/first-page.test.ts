import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstPage } from './first-page'

/** What the server lets each role do. */
const policy = readFileSync(join(import.meta.dirname, '../../../tenant/policy.csv'), 'utf8')
const permissionsOf = (role: string) =>
  [...policy.matchAll(new RegExp(`^p, role:${role}, (\\S+)`, 'gm'))].map(([, one = '']) => one)

describe('firstPage', () => {
  it.each([
    ['staff', '/learn'],
    ['manager', '/dashboard'],
    ['deputy_manager', '/dashboard'],
    ['editor', '/courses'],
    ['association_editor', '/courses'],
    ['operator', '/organisations'],
    ['officer', '/organisations'],
    ['reviewer', '/account'],
  ])('of %s is %s', (role, page) => {
    const permissions = permissionsOf(role)
    expect(permissions).not.toEqual([])
    expect(firstPage(permissions)).toBe(page)
  })
  it('of somebody with two roles is that of the wider one', () => {
    expect(firstPage([...permissionsOf('editor'), ...permissionsOf('manager')])).toBe('/dashboard')
  })
})
