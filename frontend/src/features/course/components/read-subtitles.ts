/** The words of a subtitle file: UTF-8, or Shift_JIS as older Japanese tools write it. */
export async function readSubtitles(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('shift_jis').decode(bytes)
  }
}
