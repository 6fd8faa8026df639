import { useMatches } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '@/lib/session'
import { UnknownPage } from './UnknownPage'

/** A page that the person may not see looks like a page that does not exist. The server decides for itself. */
export function PermissionGate({ children }: { children: ReactNode }) {
  const { permissions } = useSession()
  const needed = useMatches({
    select: (matches) =>
      matches.map((match) => match.staticData.permission).filter((one) => one !== undefined),
  })
  return needed.every((one) => permissions.includes(one)) ? children : <UnknownPage />
}
