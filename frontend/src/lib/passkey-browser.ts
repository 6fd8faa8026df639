import type { PasskeyOptions } from './passkey'

function bytes(text: unknown): Uint8Array<ArrayBuffer> {
  const plain = String(text).replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0))
}

function text(buffer: ArrayBuffer | null): string {
  if (!buffer) return ''
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

function described(list: unknown): PublicKeyCredentialDescriptor[] {
  return Array.isArray(list) ? list.map((one) => ({ ...one, id: bytes(one.id) })) : []
}

function answer(key: PublicKeyCredential, response: Record<string, unknown>): Record<string, unknown> {
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    clientExtensionResults: key.getClientExtensionResults(),
    ...(key.authenticatorAttachment && { authenticatorAttachment: key.authenticatorAttachment }),
    response: { clientDataJSON: text(key.response.clientDataJSON), ...response },
  }
}

/** Asks the browser to make a passkey. */
export async function makePasskey(options: PasskeyOptions): Promise<Record<string, unknown>> {
  const user = options.user as { id: string; name: string; displayName: string }
  const made = await navigator.credentials.create({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytes(options.challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  })
  const key = made as PublicKeyCredential
  const response = key.response as AuthenticatorAttestationResponse
  return answer(key, {
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

/** Asks the browser to show a passkey. */
export async function showPasskey(options: PasskeyOptions): Promise<Record<string, unknown>> {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytes(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
  })
  const key = shown as PublicKeyCredential
  const response = key.response as AuthenticatorAssertionResponse
  return answer(key, {
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  })
}
