import { api, take } from '@/lib/api/client'
import { readStored, writeStored } from '@/lib/language'
import { showPasskey } from '@/lib/passkey'
import { type Session, sessionOf } from '@/lib/session'

/** What is asked for at log-in. */
export interface Login {
  organisation_code: string
  login_id: string
  password: string
  remember_device: boolean
}

/** A second factor: one of them. */
export interface FactorAnswer {
  code?: string
  recovery_code?: string
  passkey?: Record<string, unknown>
}

/** Who is logged in, or with what the log-in goes on. */
export type LoginOutcome = { session: Session } | { factors: string[] }

/** Logs in; refuses with `login_failed` whatever was wrong, so that nobody learns which IDs exist. */
export async function logIn(login: Login): Promise<LoginOutcome> {
  const answer = await take(api.POST('/api/v1/session', { body: login }))
  writeStored(storageKey, login.remember_device ? login.organisation_code : null)
  return answer.session ? { session: sessionOf(answer.session) } : { factors: answer.factors ?? [] }
}

/** Goes on with a log-in whose password was right. */
export async function finishLogin(answer: FactorAnswer): Promise<Session> {
  return done(await take(api.POST('/api/v1/session/factor', { body: answer })))
}

/** Goes on with a passkey. */
export async function finishByPasskey(): Promise<Session> {
  const { options } = await take(api.POST('/api/v1/session/factor/passkey'))
  return finishLogin({ passkey: await showPasskey(options) })
}

/** Logs in with a passkey alone. */
export async function logInByPasskey(): Promise<Session> {
  const { options } = await take(api.POST('/api/v1/session/passkey/options'))
  const body = { passkey: await showPasskey(options) }
  return done(await take(api.POST('/api/v1/session/passkey', { body })))
}

function done(answer: { session: Parameters<typeof sessionOf>[0] | null }): Session {
  if (!answer.session) throw new Error('a finished log-in has a session')
  return sessionOf(answer.session)
}

const storageKey = 'kenshu.organisation_code'

/** The organisation code kept on this device, if the person asked for that. */
export function rememberedCode(): string {
  return readStored(storageKey) ?? ''
}
