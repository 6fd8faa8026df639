import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { proofGiven } from '@/lib/api/step-up'
import { makePasskey } from '@/lib/passkey'

export type Factors = components['schemas']['FactorsBody']
export type AppSetup = components['schemas']['AppSetupBody']
export type Passkey = components['schemas']['PasskeyRow']
export type Device = components['schemas']['DeviceBody']

export const factorKeys = { all: ['account', 'factors'] as const, devices: ['account', 'devices'] as const }

export const factorsQuery = queryOptions({
  queryKey: factorKeys.all,
  queryFn: ({ signal }) => take(api.GET('/api/v1/session/factors', { signal })),
})

/** Every change ends the other sessions and gives this one a new cookie, as a proof does. */
async function changed(call: Promise<{ recovery_codes: string[] | null }>): Promise<string[]> {
  const answer = await call
  proofGiven(true)
  return answer.recovery_codes ?? []
}

export function beginApp(): Promise<AppSetup> {
  return take(api.POST('/api/v1/session/factors/app'))
}

export function confirmApp(code: string): Promise<string[]> {
  return changed(take(api.PUT('/api/v1/session/factors/app', { body: { code } })))
}

export function removeApp(): Promise<string[]> {
  return changed(take(api.DELETE('/api/v1/session/factors/app')))
}

export async function addPasskey(name: string): Promise<string[]> {
  const { options } = await take(api.POST('/api/v1/session/factors/passkeys/options'))
  const passkey = await makePasskey(options)
  return changed(take(api.POST('/api/v1/session/factors/passkeys', { body: { name, passkey } })))
}

export function removePasskey(id: string): Promise<string[]> {
  return changed(take(api.DELETE('/api/v1/session/factors/passkeys/{id}', { params: { path: { id } } })))
}

export async function renamePasskey(id: string, name: string): Promise<void> {
  await take(api.PATCH('/api/v1/session/factors/passkeys/{id}', { params: { path: { id } }, body: { name } }))
}

export async function renewRecovery(): Promise<string[]> {
  return (await take(api.POST('/api/v1/session/factors/recovery-codes'))).recovery_codes ?? []
}

export const devicesQuery = queryOptions({
  queryKey: factorKeys.devices,
  queryFn: async ({ signal }) => {
    const list = await take(api.GET('/api/v1/session/devices', { signal }))
    return { items: list.items ?? [], limit: list.limit }
  },
})

export function endDevice(id: string): Promise<unknown> {
  return take(api.DELETE('/api/v1/session/devices/{id}', { params: { path: { id } } }))
}

export function endOtherDevices(): Promise<unknown> {
  return take(api.DELETE('/api/v1/session/devices'))
}
