import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { PageSkeleton } from '@/components/Skeletons'
import { LoginPage } from '@/features/auth/pages/LoginPage'
import { sessionQuery } from '@/lib/session'
import { signedIn } from '../shell/signed-in'

const route = getRouteApi('/open/login')

/** The log-in by its own address, as it stands on a credential slip; `?code=` fills in the organisation code. */
export function LoginRoute() {
  const { code } = route.useSearch()
  const session = useQuery(sessionQuery)
  if (session.isPending) return <PageSkeleton />
  if (session.data) return <Navigate to="/" replace />
  return <LoginPage onSignedIn={signedIn} code={code} />
}
