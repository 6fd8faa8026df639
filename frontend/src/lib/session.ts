import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, take } from './api/client'
import { ProblemError } from './api/problem'
import type { components } from './api/schema'
import { forgetDrafts } from './forget-drafts'

type Body = components['schemas']['SessionBody']

/** Who is logged in, where, and what they may do. */
export type Session = Omit<Body, 'roles' | 'permissions'> & { roles: string[]; permissions: string[] }

/** The server writes an empty list as null. */
export function sessionOf(body: Body): Session {
  return { ...body, roles: body.roles ?? [], permissions: body.permissions ?? [] }
}

/** The session, or null when nobody is logged in. Fetched once; changed only by log-in and log-out. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return sessionOf(await take(api.GET('/api/v1/session', { signal })))
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
})

/** The session inside the shell, where it always exists. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('useSession outside the shell')
  return data
}

/** True when the person may do it (`person:write`). The server decides again on every call. */
export function usePermission(permission: string): boolean {
  const { data } = useQuery(sessionQuery)
  return data?.permissions.includes(permission) ?? false
}

/** True when two sessions are the same person in the same organisation. */
export function samePerson(a: Session, b: Session): boolean {
  return a.person.id === b.person.id && a.organisation.code === b.organisation.code
}

/** Ends the session; nothing of what was being written stays on this device. */
export async function logOut(): Promise<void> {
  await take(api.DELETE('/api/v1/session'))
  forgetDrafts()
}
