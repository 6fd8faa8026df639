import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { logOut, sessionOf } from '@/lib/session'
import type { LoginOutcome } from './login'

export type Account = components['schemas']['AccountBody']

export const accountKeys = {
  list: ['session', 'accounts'] as const,
  offer: ['session', 'join-offer'] as const,
}

/** The accounts in other organisations that the person has joined; empty while there is only this one. */
export const accountsQuery = queryOptions({
  queryKey: accountKeys.list,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/session/accounts', { signal }))).items,
})

/** Which account asked in this browser to be joined with this one. */
export const joinOfferQuery = queryOptions({
  queryKey: accountKeys.offer,
  queryFn: ({ signal }) => take(api.GET('/api/v1/session/accounts/offer', { signal })),
})

/** Begins joining: the next account that logs in in this browser within ten minutes can be joined. The session here ends. */
export async function askToJoin(): Promise<void> {
  await take(api.POST('/api/v1/session/accounts/ask'))
  await logOut()
}

/** Joins this account with the one that asked. */
export function joinAccounts(): Promise<unknown> {
  return take(api.POST('/api/v1/session/accounts'))
}

/** Separates one of the accounts from the others. */
export function separateAccount(account: string): Promise<unknown> {
  return take(
    api.DELETE('/api/v1/session/accounts/{account_id}', { params: { path: { account_id: account } } }),
  )
}

/** Changes to another account; a second factor of that account may be asked for. */
export async function switchAccount(account: string): Promise<LoginOutcome> {
  const answer = await take(
    api.POST('/api/v1/session/accounts/{account_id}/switch', { params: { path: { account_id: account } } }),
  )
  return answer.session ? { session: sessionOf(answer.session) } : { factors: answer.factors ?? [] }
}
