import { queryOptions } from '@tanstack/react-query'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

/** One of my own notes. */
export type Note = components['schemas']['NoteBody']

export const noteKeys = { all: ['notes'] as const }

/** My notes on one course, or on all. */
export const ownNotes = (enrolment?: string) =>
  queryOptions({
    queryKey: [...noteKeys.all, enrolment ?? ''],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/me/notes', { params: { query: enrolment ? { enrolment } : {} }, signal })))
        .items,
  })

/** A text that the server may not have yet. `base` is the text it was made from, `seq` itself. */
export interface Draft {
  key: string
  base: number
  seq: number
  text: string
  position?: number
}

const prefix = (scope: string) => `kenshu.note.${scope}.`

/** Keeps a text on this device at once: neither a closed tab nor a refusal loses it. */
export function keepDraft(scope: string, draft: Draft): void {
  try {
    localStorage.setItem(prefix(scope) + draft.key, JSON.stringify(draft))
  } catch {
    // Storage is forbidden or full: the outbox has it as soon as the hand rests.
  }
}

/** The server has a text: forgets it, unless a newer one stands there by now. */
export function dropDraft(scope: string, key: string, seq: number): void {
  try {
    const kept = localStorage.getItem(prefix(scope) + key)
    if (kept && (JSON.parse(kept) as Draft).seq <= seq) localStorage.removeItem(prefix(scope) + key)
  } catch {
    // Storage is forbidden here.
  }
}

/** The texts of a lesson that the server has not confirmed. */
export function keptDrafts(scope: string): Draft[] {
  const drafts: Draft[] = []
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i)
      if (name?.startsWith(prefix(scope))) drafts.push(JSON.parse(localStorage.getItem(name) ?? '') as Draft)
    }
  } catch {
    // Storage is forbidden here, or somebody else wrote there.
  }
  return drafts
}

/** The notes as a text file, by course and lesson. */
export function asText(notes: Note[], time: (ms: number) => string): string {
  const lines: string[] = []
  let course = ''
  let lesson = ''
  for (const note of notes) {
    if (note.course_title !== course) lines.push(`# ${note.course_title}`, '')
    if (note.lesson_title !== lesson || note.course_title !== course)
      lines.push(`## ${note.lesson_title}`, '')
    course = note.course_title
    lesson = note.lesson_title
    lines.push(`${note.position === undefined ? '' : `[${time(note.position)}] `}${note.text}`, '')
  }
  return lines.join('\r\n')
}
