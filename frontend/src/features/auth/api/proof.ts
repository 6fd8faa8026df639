import { api, take } from '@/lib/api/client'
import { showPasskey } from '@/lib/passkey'
import type { FactorAnswer } from './login'

/** Proves once more who is asking; refuses with the field `password` or `code` when that is wrong. */
export async function prove(password: string, factor: FactorAnswer): Promise<void> {
  await take(api.POST('/api/v1/session/proof', { body: { password, ...factor } }))
}

/** Proves it with a passkey alone. */
export async function proveByPasskey(): Promise<void> {
  const { options } = await take(api.POST('/api/v1/session/proof/passkey'))
  await take(api.POST('/api/v1/session/proof', { body: { passkey: await showPasskey(options) } }))
}
