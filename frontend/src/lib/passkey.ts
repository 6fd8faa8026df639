/** What the server gives for navigator.credentials: JSON in which bytes are base64url texts. */
export type PasskeyOptions = Record<string, unknown>

/** True where the browser knows passkeys. */
export const knowsPasskeys = (): boolean =>
  typeof window.PublicKeyCredential === 'function' && window.isSecureContext

/** The person closed the browser's own window, or it waited too long: nothing to explain. */
export function wasDeclined(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')
}

/** The device has a passkey of this account already: the browser makes no second one. */
export function wasThere(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError'
}

/** Asks the browser to make a passkey. */
export async function makePasskey(options: PasskeyOptions): Promise<Record<string, unknown>> {
  return (await import('./passkey-browser')).makePasskey(options)
}

/** Asks the browser to show a passkey. */
export async function showPasskey(options: PasskeyOptions): Promise<Record<string, unknown>> {
  return (await import('./passkey-browser')).showPasskey(options)
}
