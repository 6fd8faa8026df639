import { IconHome } from '@tabler/icons-react'
import { describe, expect, it } from 'vitest'
import { type NavigationGroup, visibleNavigation } from './menu'

const groups: NavigationGroup[] = [
  { name: 'learn', entries: [{ to: '/learn', label: 'nav.learning', icon: IconHome }] },
  {
    name: 'manage',
    entries: [{ to: '/account', label: 'nav.account', icon: IconHome, permission: 'person:read' }],
  },
]

describe('visibleNavigation', () => {
  it('hides what may not be done, and the empty group with it', () => {
    expect(visibleNavigation([], groups).map((group) => group.name)).toEqual(['learn'])
  })
  it('shows what may be done', () => {
    expect(visibleNavigation(['person:read'], groups).map((group) => group.name)).toEqual(['learn', 'manage'])
  })
})
