import { resume } from '@/lib/api/session-end'
import { forgetDrafts } from '@/lib/forget-drafts'
import { type Session, samePerson, sessionQuery } from '@/lib/session'
import { queryClient } from '../providers'

/**
 * Takes a new session into use. The same person goes on where they were and waiting requests are sent; somebody
 * else gets nothing of what the one before had on the screen; who may do less than before begins anew.
 */
export function signedIn(next: Session): void {
  const previous = queryClient.getQueryData(sessionQuery.queryKey)
  const same = previous ? samePerson(previous, next) : false
  if (same && previous?.permissions.some((one) => !next.permissions.includes(one))) {
    window.location.assign('/') // what was on the screen may not be theirs any more
    return
  }
  if (!same) forgetDrafts(next.person.id)
  if (previous && !same) queryClient.clear()
  queryClient.setQueryData(sessionQuery.queryKey, next)
  resume(same)
  if (same) queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' })
}
