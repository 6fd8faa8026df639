import { api, take } from '@/lib/api/client'
import { forgetDrafts } from '@/lib/forget-drafts'

/** Ends every session of this person, on every device; nothing of what was being written stays on this one. */
export async function signOutEverywhere(): Promise<void> {
  await take(api.POST('/api/v1/session/sign-out-everywhere'))
  forgetDrafts()
}
