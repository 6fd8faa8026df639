import { useState } from 'react'

/** A fresh random key for one intention of the person: stays the same over retries, `renew` after success. */
export function useIdempotencyKey(): { key: string; renew: () => void } {
  const [key, setKey] = useState(newKey)
  return { key, renew: () => setKey(newKey()) }
}

/** randomUUID is missing on plain http outside localhost, where members may try the system in their own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
