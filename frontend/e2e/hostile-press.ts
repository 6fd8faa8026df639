// Presses every button of a page and looks at what opens. Nothing that would change the organisation leaves the browser.
import type { Locator, Page } from 'playwright-core'
import type { Watch } from './hostile-watch'

const opened = '[role=dialog]:visible, [role=menu]:visible, [role=alertdialog]:visible'

/** What a page may send while its buttons are pressed: questions that change nothing. */
const questions = /\/(preview|people|count|days|password-check|links|options)$/

/** Stops every request that would change something; undone by the returned function. */
export async function holdBack(page: Page): Promise<() => Promise<void>> {
  await page.route('**/api/v1/**', (route) => {
    const request = route.request()
    const path = new URL(request.url()).pathname
    const asks =
      request.method() === 'GET' ||
      (/preview|reminders\/days|assets\/links/.test(path) && questions.test(path))
    return asks && !path.endsWith('/export') ? route.continue() : route.abort('blockedbyclient')
  })
  return () => page.unroute('**/api/v1/**')
}

/** The buttons of the page itself, one of a kind: a hundred rows with the same button are one. A switch opens nothing. */
async function buttons(page: Page): Promise<Locator[]> {
  const all = await page
    .locator(
      'main button:not([aria-pressed]):visible:enabled, main [role=tab]:visible, main summary:visible, main a[role=button]:visible',
    )
    .all()
  const kinds = new Set<string>()
  const chosen: Locator[] = []
  for (const one of all.slice(0, 120)) {
    const kind = await one
      .evaluate((element) => {
        const icon = element.querySelector('svg')?.getAttribute('class') ?? ''
        const row = element.closest('tr, li, article, [role=row]') ? 'row' : element.textContent
        return `${element.tagName} ${element.getAttribute('role')} ${element.className} ${icon} ${row}`
      })
      .catch(() => undefined)
    if (kind === undefined || kinds.has(kind)) continue
    kinds.add(kind)
    chosen.push(one)
  }
  return chosen
}

/** Presses them all. Where a menu opens, its items are pressed too. */
export async function pressEverything(watch: Watch, at: string): Promise<number> {
  const { page, place } = watch
  let dialogs = 0
  const home = async () => {
    await page.goto(at)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
  }
  /** Shuts what is open; a page that is not as before is loaded again. */
  const back = async () => {
    for (let turn = 0; turn < 3 && (await page.locator(opened).count()) > 0; turn++) {
      await page.keyboard.press('Escape')
      await page.waitForTimeout(120)
    }
    if (page.url() !== at || (await page.locator(opened).count()) > 0) await home()
  }
  const count = (await buttons(page)).length
  for (let n = 0; n < count; n++) {
    const button = (await buttons(page))[n]
    if (!button) continue
    const name = (await button.innerText().catch(() => '')) || (await button.getAttribute('aria-label')) || ''
    watch.place = `${place} [${name.replaceAll(/\s+/g, ' ').slice(0, 30)}]`
    const pressed = await button.click({ timeout: 3000 }).then(
      () => true,
      () => false,
    )
    if (!pressed) continue
    await page.waitForTimeout(250)
    const items = await page.locator('[role=menuitem]:visible:not([data-disabled])').count()
    if ((await page.locator(opened).count()) > 0) dialogs++
    await watch.look('phone', (await page.locator(opened).count()) > 0)
    for (let k = 0; k < items; k++) {
      if (k > 0) {
        await back()
        await (await buttons(page))[n]?.click({ timeout: 3000 }).catch(() => undefined)
        await page.waitForTimeout(200)
      }
      const item = page.locator('[role=menuitem]:visible:not([data-disabled])').nth(k)
      watch.place = `${place} [${name.slice(0, 20)} > ${k}]`
      await item.click({ timeout: 3000 }).catch(() => undefined)
      await page.waitForTimeout(250)
      if ((await page.locator('[role=dialog]:visible').count()) === 0) continue
      dialogs++
      await watch.look('phone')
    }
    await back()
  }
  watch.place = place
  return dialogs
}
