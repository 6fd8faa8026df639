import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

/** Why a password would be refused: keys under `error`. */
export type Reason = components['schemas']['Reason']

/** Asks the server how guessable a password is for this person; nothing is stored. */
export async function checkPassword(password: string): Promise<Reason[]> {
  const answer = await take(api.POST('/api/v1/session/password-check', { body: { password } }))
  return answer.reasons ?? []
}

/** Sets an own password. The current one is not asked for while a one-time password is in use. */
export async function updatePassword(newPassword: string, currentPassword?: string): Promise<void> {
  const body = {
    new_password: newPassword,
    ...(currentPassword !== undefined && { current_password: currentPassword }),
  }
  await take(api.PUT('/api/v1/session/password', { body }))
}
