import { api, take } from '@/lib/api/client'
import { readStored, writeStored } from '@/lib/language'
import { type Session, sessionOf } from '@/lib/session'

/** What is asked for at log-in. */
export interface Login {
  organisation_code: string
  login_id: string
  password: string
  remember_device: boolean
}

/** Logs in; refuses with `login_failed` whatever was wrong, so that nobody learns which IDs exist. */
export async function logIn(login: Login): Promise<Session> {
  const session = sessionOf(await take(api.POST('/api/v1/session', { body: login })))
  writeStored(storageKey, login.remember_device ? login.organisation_code : null)
  return session
}

const storageKey = 'kenshu.organisation_code'

/** The organisation code kept on this device, if the person asked for that. */
export function rememberedCode(): string {
  return readStored(storageKey) ?? ''
}
