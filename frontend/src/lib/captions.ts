/** One caption: when it is shown, in milliseconds, and what it says. */
export interface Cue {
  start: number
  end: number
  text: string
}

const line = /^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})/

/** Milliseconds of `1:02:03.456`, `02:03.456`, `2:03` or `3.5`; undefined when it is no time. */
export function parseTime(text: string): number | undefined {
  const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(text)
  if (!found) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', part = ''] = found
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, '0'))
}

/** `00:02:03.456`, as WebVTT writes it. */
export function formatTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  const two = (n: number) => String(n).padStart(2, '0')
  const seconds = Math.floor(whole / 1000)
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(whole % 1000).padStart(3, '0')}`
}

/** Reads WebVTT or SubRip; what is neither a time nor below one (headers, notes, styles, numbers) is left out. */
export function parseCaptions(raw: string): Cue[] {
  const cues: Cue[] = []
  for (const block of raw
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n+/)) {
    const lines = block.split('\n')
    const at = lines.findIndex((one) => line.test(one))
    const times = at < 0 ? null : line.exec(lines[at] ?? '')
    const start = parseTime(times?.[1] ?? '')
    const end = parseTime(times?.[2] ?? '')
    if (start === undefined || end === undefined) continue
    cues.push({ start, end, text: plain(lines.slice(at + 1).join('\n')) })
  }
  return cues
}

/** Words without voices, colours and other marks. */
function plain(text: string): string {
  const marks: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&amp;': '&',
    '&nbsp;': ' ',
    '&lrm;': '',
    '&rlm;': '',
  }
  return text
    .replace(/<\/?[^>\n]*>|\{\\[^}\n]*\}/g, '')
    .replace(/&(?:lt|gt|amp|nbsp|lrm|rlm);/g, (mark) => marks[mark] ?? mark)
    .trim()
}

/** Writes WebVTT. An empty line would end a caption, so it is left out. */
export function writeCaptions(cues: Cue[]): string {
  const safe = (text: string) =>
    text
      .split('\n')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .join('\n')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  const blocks = inOrder(cues).map(
    (cue) => `${formatTime(cue.start)} --> ${formatTime(cue.end)}\n${safe(cue.text)}`,
  )
  return `WEBVTT\n\n${blocks.join('\n\n')}\n`
}

/** By beginning, then by end. */
export function inOrder(cues: Cue[]): Cue[] {
  return [...cues].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** What keeps a caption from being shown or read well. The first two must be mended before saving. */
export type CueProblem = 'times' | 'empty' | 'overlap' | 'fast'

/** More characters a second than can be read. */
const readable = 20

/** What is wrong with each caption, by its place in the list. */
export function problemsOf(cues: Cue[]): CueProblem[][] {
  return cues.map((cue, i) => {
    const found: CueProblem[] = []
    const letters = cue.text.replace(/\s/g, '').length
    if (cue.end <= cue.start) found.push('times')
    if (letters === 0) found.push('empty')
    if (cues.some((other, k) => k !== i && other.start < cue.end && other.start > cue.start))
      found.push('overlap')
    if (cue.end > cue.start && letters / ((cue.end - cue.start) / 1000) > readable) found.push('fast')
    return found
  })
}

/** The same captions earlier or later; none before the beginning. */
export function shifted(cues: Cue[], by: number): Cue[] {
  return cues.map((cue) => {
    const start = Math.max(0, cue.start + by)
    return { ...cue, start, end: Math.max(start + 1, cue.end + by) }
  })
}

/** One caption as two: the words at the place given, the time by how many words fall on each side. */
export function split(cue: Cue, at: number): [Cue, Cue] {
  const first = cue.text.slice(0, at).trim()
  const second = cue.text.slice(at).trim()
  const share = first.length + second.length === 0 ? 0.5 : first.length / (first.length + second.length)
  const middle = Math.round(cue.start + (cue.end - cue.start) * Math.min(0.9, Math.max(0.1, share)))
  return [
    { start: cue.start, end: middle, text: first },
    { start: middle, end: cue.end, text: second },
  ]
}

/** Two captions as one. */
export function merged(a: Cue, b: Cue): Cue {
  return {
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    text: [a.text, b.text].filter((one) => one !== '').join('\n'),
  }
}
