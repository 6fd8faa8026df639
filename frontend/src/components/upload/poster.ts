/** How wide a poster is drawn at most; the server keeps no wider one. */
const widest = 1280

/** Draws what a video shows now, or a canvas, as a JPEG; null where the browser cannot. */
export function pictureOf(source: HTMLVideoElement | HTMLCanvasElement): Promise<Blob | null> {
  const video = source instanceof HTMLVideoElement
  const width = video ? source.videoWidth : source.width
  const height = video ? source.videoHeight : source.height
  if (width === 0 || height === 0) return Promise.resolve(null)
  const canvas = document.createElement('canvas')
  canvas.width = Math.min(widest, width)
  canvas.height = Math.max(1, Math.round((height * canvas.width) / width))
  const context = canvas.getContext('2d')
  if (!context) return Promise.resolve(null)
  context.fillStyle = '#fff' // a page of a PDF has no ground of its own
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
}

/** Where the first scene is looked for: a tenth into the film, at most ten seconds, because films begin in black. */
export function firstScene(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(10, seconds / 10) : 0
}

/** Draws the first scene of a film without showing it; null where the browser cannot play it. */
export async function posterOf(url: string): Promise<Blob | null> {
  const video = document.createElement('video')
  video.crossOrigin = 'anonymous'
  video.muted = true
  video.preload = 'auto'
  const event = (name: string) =>
    new Promise<void>((done, fail) => {
      video.addEventListener(name, () => done(), { once: true })
      video.addEventListener('error', () => fail(new Error('video')), { once: true })
      setTimeout(() => fail(new Error('time')), 30_000)
    })
  try {
    const loaded = event('loadedmetadata')
    video.src = url
    await loaded
    const there = event('seeked')
    video.currentTime = firstScene(video.duration)
    await there
    return await pictureOf(video)
  } catch {
    return null
  } finally {
    video.removeAttribute('src')
    video.load()
  }
}
