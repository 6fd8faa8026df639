// Looks at pages: logs in, takes a picture of every path on a phone and on a desktop in both languages, and runs axe.
//
//   npm run look -- --url http://localhost:8080 --code ABC --id m001 --password '…' --out ../tmp/look / /account
//
// Options: --dark takes dark pictures too; --mock answers the API from e2e/mock.ts instead of a server.
// Exits with 1 when axe finds anything or the page writes an error to the console.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { violations } from './axe'
import { openBrowser, viewports } from './browser'
import { mockApi } from './mock'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    code: { type: 'string' },
    id: { type: 'string' },
    password: { type: 'string' },
    out: { type: 'string', default: '../tmp/look' },
    dark: { type: 'boolean', default: false },
    mock: { type: 'string' },
  },
})

let faults = 0
mkdirSync(values.out, { recursive: true })

async function logIn(context: BrowserContext) {
  if (!values.code || !values.id || !values.password) return
  const body = {
    organisation_code: values.code,
    login_id: values.id,
    password: values.password,
    remember_device: false,
  }
  const answer = await context.request.post(`${values.url}/api/v1/session`, { data: body })
  if (!answer.ok()) throw new Error(`log-in answered ${answer.status()}: ${await answer.text()}`)
}

async function look(page: Page, path: string, name: string) {
  await page.goto(values.url + path)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(300)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) {
    faults++
    console.log(`${name}: ${wide} px wider than the screen`)
  }
  const file = `${name}${path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '') || '-home'}.png`
  await page.screenshot({ path: join(values.out, file), fullPage: true })
  const found = await violations(page)
  faults += found.length
  console.log(`${file}: ${found.length === 0 ? 'axe finds nothing' : `${found.length} violations`}`)
  for (const one of found)
    console.log(`  ${one.impact} ${one.id}: ${one.help}\n    ${one.nodes.join('\n    ')}`)
}

for (const language of ['ja', 'en'] as const) {
  for (const [device, viewport] of Object.entries(viewports)) {
    for (const colorScheme of values.dark ? (['light', 'dark'] as const) : (['light'] as const)) {
      const { context, close } = await openBrowser({
        viewport,
        colorScheme,
        locale: language === 'ja' ? 'ja-JP' : 'en-US',
      })
      if (values.mock) await mockApi(context, values.mock)
      else await logIn(context)
      const page = await context.newPage()
      page.on('pageerror', (error) => {
        faults++
        console.log(`page error: ${error.message}`)
      })
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 401/.test(message.text())) {
          faults++
          console.log(`console: ${message.text()}`)
        }
      })
      for (const path of positionals) {
        await look(page, path, `${device}-${language}${colorScheme === 'dark' ? '-dark' : ''}`)
      }
      await close()
    }
  }
}
process.exit(faults === 0 ? 0 : 1)
