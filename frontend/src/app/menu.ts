import { IconBook2, IconCertificate, IconUserCircle } from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'
import { type ComponentType, use } from 'react'

/** One entry of the menu. It is shown only to people who hold `permission`; without one it is for everybody. */
export interface NavigationEntry {
  to: LinkProps['to']
  /** Key in the namespace `common`, under `nav`. */
  label: `nav.${string}`
  icon: ComponentType<{ size?: number | string; stroke?: number; 'aria-hidden'?: boolean }>
  permission?: string
}

/** Entries that belong together, under a heading `nav.group.<name>`. */
export interface NavigationGroup {
  name: 'learn' | 'manage' | 'edit' | 'operate' | 'self'
  entries: NavigationEntry[]
}

/** What everybody has: their learning first, their account last; between them stands navigation.ts. */
const learn: NavigationGroup = {
  name: 'learn',
  entries: [
    { to: '/learn', label: 'nav.learning', icon: IconBook2, permission: 'learning:own' },
    { to: '/certificates', label: 'nav.certificates', icon: IconCertificate, permission: 'learning:own' },
  ],
}
const self: NavigationGroup = {
  name: 'self',
  entries: [{ to: '/account', label: 'nav.account', icon: IconUserCircle }],
}
const learner = ['session:own', 'learning:own']

let office: Promise<NavigationGroup[]> | undefined

/** The rest of the menu, fetched once; after a failure the next call tries again. */
function fetchOffice(): Promise<NavigationGroup[]> {
  office ??= import('./navigation').then(
    ({ navigation }) => navigation,
    (error: unknown) => {
      office = undefined
      throw error
    },
  )
  return office
}

/** The menu of a person with these permissions. Suspends while the entries of those who do more than learn are fetched. */
export function useNavigation(permissions: readonly string[]): NavigationGroup[] {
  const more = permissions.some((one) => !learner.includes(one))
  return visibleNavigation(permissions, [learn, ...(more ? use(fetchOffice()) : []), self])
}

/** What a person with these permissions sees: no empty groups, nothing they may not do. */
export function visibleNavigation(
  permissions: readonly string[],
  groups: NavigationGroup[],
): NavigationGroup[] {
  return groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => !entry.permission || permissions.includes(entry.permission)),
    }))
    .filter((group) => group.entries.length > 0)
}
