// Measures how long a typed letter takes to be on the screen in the page editor; rig/bench starts it and reads the JSON it prints.
//
//   tsx e2e/typing.ts ADDRESS-OF-THE-LESSON LOG-IN-AS-JSON
import { openBrowser } from './browser'

const letters = 150

/** From the key to the frame after the one that shows it: what remains of the task, the layout and the paint are in it. */
function listen() {
  const times: number[] = []
  Object.assign(window, { times })
  addEventListener(
    'keydown',
    (event) => {
      const pressed = event.timeStamp
      requestAnimationFrame(() => {
        const after = new MessageChannel()
        after.port1.onmessage = () => times.push(performance.now() - pressed)
        after.port2.postMessage(0)
      })
    },
    true,
  )
}

const [address = '', login = ''] = process.argv.slice(2)
const { context, close } = await openBrowser()
try {
  const session = await context.request.post(new URL('/api/v1/session', address).href, {
    data: login,
    headers: { 'Content-Type': 'application/json' },
  })
  if (!session.ok()) throw new Error(`log-in: ${session.status()} ${await session.text()}`)
  const page = context.pages()[0] ?? (await context.newPage())
  await page.addInitScript('globalThis.__name = (f) => f') // what the compiler wraps functions in is not in the page
  await page.addInitScript(listen)
  await page.goto(address)
  const editor = page.locator('.ProseMirror[contenteditable="true"]')
  await editor.waitFor({ timeout: 60_000 })
  const blocks = await editor.locator(':scope > *').count()
  await editor.locator('p').nth(60).click()
  await page.keyboard.type('a'.repeat(10), { delay: 60 }) // the first letters load what typing needs
  await page.evaluate(() => {
    ;(window as unknown as { times: number[] }).times.length = 0
  })
  await page.keyboard.type('abcdefghij'.repeat(letters / 10), { delay: 60 })
  await page.waitForTimeout(500)
  const typed = await page.evaluate(() => (window as unknown as { times: number[] }).times)
  console.log(JSON.stringify({ blocks, typed }))
} finally {
  await close()
}
