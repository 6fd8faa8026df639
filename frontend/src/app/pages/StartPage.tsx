import { Navigate } from '@tanstack/react-router'
import { useSession } from '@/lib/session'
import { firstPage } from '../first-page'

/** The bare address leads to the page where this person's work begins. */
export function StartPage() {
  const { permissions } = useSession()
  return <Navigate to={firstPage(permissions)} replace />
}
