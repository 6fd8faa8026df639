import { loggedOut } from './api/session-end'

/** What drafts are called in localStorage: `kenshu.draft.<form>.<person>.…` (draft.ts). */
export const draftPrefix = 'kenshu.draft.'

/** Forgets what people were writing on this device, but for one of them: nobody finds it on a computer that many use. Without one somebody logged out. */
export function forgetDrafts(but?: string): void {
  if (!but) loggedOut()
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(draftPrefix) && !(but && key.includes(`.${but}.`))) localStorage.removeItem(key)
  } catch {
    // without storage nothing was kept
  }
}
