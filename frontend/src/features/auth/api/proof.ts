import { api, take } from '@/lib/api/client'

/** Proves once more who is asking; refuses with the field `password` when that is wrong. */
export async function prove(password: string): Promise<void> {
  await take(api.POST('/api/v1/session/proof', { body: { password } }))
}
