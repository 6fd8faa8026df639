// Starts the real browser for looking at pages and for end-to-end tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The two widths that every page is looked at. */
export const viewports = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1440, height: 900 },
} as const

/** A browser context with a fresh profile directory; `close` removes both. */
export async function openBrowser(
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'kenshu-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.KENSHU_TEST_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: viewports.desktop,
    ...options,
  })
  return {
    context,
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
