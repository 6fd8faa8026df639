import { take } from './client'

interface FileAnswer {
  data?: unknown
  error?: unknown
  response: Response
}

/** The name that the server gave a download (RFC 6266), or the fallback. */
export function nameOf(disposition: string | null, fallback: string): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  if (!encoded) return fallback
  try {
    return decodeURIComponent(encoded)
  } catch {
    return fallback
  }
}

/** Saves the file that a call answers: `saveFile(api.GET('/api/v1/…', { parseAs: 'blob' }))`. Throws a ProblemError like `take`. */
export async function saveFile(call: Promise<FileAnswer>): Promise<void> {
  const answer = await call.catch(() => undefined)
  const data = await take(answer ? Promise.resolve(answer) : call)
  if (!(data instanceof Blob) || !answer) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data)
  link.download = nameOf(answer.response.headers.get('Content-Disposition'), 'download')
  document.body.append(link)
  link.click()
  link.remove()
  // The browser has begun to save by then; Safari still reads the URL a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
