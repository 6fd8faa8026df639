/** The languages of the page, Japanese first. */
export const languages = ['ja', 'en'] as const
export type Language = (typeof languages)[number]

const storageKey = 'kenshu.language'

function isLanguage(value: string | null): value is Language {
  return value === 'ja' || value === 'en'
}

/** The language chosen on this device, else the browser's first one that we speak, else Japanese. */
export function preferredLanguage(): Language {
  const stored = readStored(storageKey)
  if (isLanguage(stored)) return stored
  for (const tag of navigator.languages) {
    const base = tag.slice(0, 2)
    if (isLanguage(base)) return base
  }
  return 'ja'
}

/** Remembers the choice on this device. */
export function rememberLanguage(language: Language): void {
  writeStored(storageKey, language)
}

/** localStorage that may be forbidden (private windows, policies): then nothing is remembered and nothing breaks. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Writes, or removes when value is null. */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage is forbidden here; the choice lasts until the page is closed.
  }
}
