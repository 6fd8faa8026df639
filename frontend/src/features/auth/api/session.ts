import { api, take } from '@/lib/api/client'

/** Ends every session of this person, on every device. */
export async function signOutEverywhere(): Promise<void> {
  await take(api.POST('/api/v1/session/sign-out-everywhere'))
}
