import type { LinkProps } from '@tanstack/react-router'

/** Where each kind of work begins, the widest responsibility first. */
const beginnings: { permission: string; to: LinkProps['to'] }[] = [
  { permission: 'report:read', to: '/dashboard' },
  { permission: 'organisation:read', to: '/organisations' },
  { permission: 'course:write', to: '/courses' },
  { permission: 'learning:own', to: '/learn' },
]

/** The page that a person with these permissions sees first: what they answer for, else their own learning. */
export function firstPage(permissions: readonly string[]): LinkProps['to'] {
  return beginnings.find((one) => permissions.includes(one.permission))?.to ?? '/account'
}
