// Measures how long a learner waits for a film in a real browser; rig/bench starts it and reads the JSON it prints.
//
//   tsx e2e/film.ts http://localhost:PORT LOG-IN-AS-JSON
import { openBrowser } from './browser'

const openings = 5
const seekings = 20
const keyPictures = 8 // seconds from one to the next, as the rig's film has them

interface Own {
  id: string
  lessons?: { id: string }[]
}

async function get<T>(
  url: string,
  ask: (url: string) => Promise<{ json: () => Promise<unknown> }>,
): Promise<T> {
  return (await (await ask(url)).json()) as T
}

/** The place of the learner's only lesson; people are taken into a round by a job. */
async function lessonOf(url: string, ask: (url: string) => Promise<{ json: () => Promise<unknown> }>) {
  for (let i = 0; i < 300; i++) {
    const { items } = await get<{ items: Own[] }>(`${url}/api/v1/me/enrolments`, ask)
    const first = items[0]
    if (first) {
      const own = await get<Own>(`${url}/api/v1/me/enrolments/${first.id}`, ask)
      return `${url}/learn/${own.id}/${own.lessons?.[0]?.id}`
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('the learner was not taken into the round')
}

interface Times {
  loaded: number
  shown: number
}

/** What happens in the page, before anything of it runs. */
function listen() {
  const times: Times = { loaded: 0, shown: 0 }
  Object.assign(window, { times })
  const look = () => {
    // The film is often there before its element is in the page: its event is then over.
    const video = document.querySelector('video')
    if (video && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) times.loaded = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  addEventListener(
    'play',
    (event) => {
      const pressed = performance.now()
      const video = event.target as HTMLVideoElement
      const begun = video.currentTime
      const moves = (_now: number, frame: { mediaTime: number }) => {
        if (frame.mediaTime > begun) times.shown ||= performance.now() - pressed
        else video.requestVideoFrameCallback(moves)
      }
      video.requestVideoFrameCallback(moves)
    },
    true,
  )
}

/** Goes to places all over the film while it plays, and gives how long each picture took; `every` seconds there is one that needs no other. */
async function seek({ count, every }: { count: number; every: number }): Promise<number[]> {
  const video = document.querySelector('video')
  if (!video) throw new Error('no film')
  const found: number[] = []
  for (let i = 0; i < count; i++) {
    const anywhere = video.duration * 0.98 * ((0.37 + i * 0.6180339887) % 1)
    const place = every > 0 ? Math.floor(anywhere / every) * every : anywhere
    const began = performance.now()
    await new Promise<void>((done) => {
      const look = (_now: number, frame: { mediaTime: number }) => {
        if (Math.abs(frame.mediaTime - place) < 0.5) done()
        else video.requestVideoFrameCallback(look)
      }
      video.requestVideoFrameCallback(look)
      video.currentTime = place
    })
    found.push(performance.now() - began)
    await new Promise((done) => setTimeout(done, 500)) // it plays on meanwhile
  }
  return found
}

async function open(url: string, login: string, count: number) {
  const { context, close } = await openBrowser()
  try {
    const session = await context.request.post(`${url}/api/v1/session`, {
      data: login,
      headers: { 'Content-Type': 'application/json' },
    })
    if (!session.ok()) throw new Error(`log-in: ${session.status()} ${await session.text()}`)
    const lesson = await lessonOf(url, (path) => context.request.get(path))
    const page = context.pages()[0] ?? (await context.newPage())
    const until = async (what: keyof Times) => {
      for (let i = 0; i < 3000; i++) {
        const time = await page.evaluate((name) => (window as unknown as { times: Times }).times[name], what)
        if (time > 0) return time
        await new Promise((done) => setTimeout(done, 20))
      }
      throw new Error(`the film was not ${what} within a minute`)
    }
    await page.addInitScript('globalThis.__name = (f) => f') // what the compiler wraps functions in is not in the page
    await page.addInitScript(listen)
    await page.goto(lesson)
    const loaded = await until('loaded')
    await page.locator('media-play-button').click()
    const shown = await until('shown')
    const seeks = await page.evaluate(seek, { count, every: 0 })
    return { loaded, shown, seeks, keys: await page.evaluate(seek, { count, every: keyPictures }) }
  } finally {
    await close()
  }
}

const [url = '', login = ''] = process.argv.slice(2)
const figures = { opened: [] as number[], shown: [] as number[], seeks: [] as number[], keys: [] as number[] }
for (let i = 0; i < openings; i++) {
  const { loaded, shown, seeks, keys } = await open(url, login, i === openings - 1 ? seekings : 0)
  figures.opened.push(loaded)
  figures.shown.push(shown)
  figures.seeks.push(...seeks)
  figures.keys.push(...keys)
}
console.log(JSON.stringify(figures))
