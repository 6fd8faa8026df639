// Looks at one page as an attacker would hope: did a script run, was something blocked, pushed out of the screen or garbled?
import { join } from 'node:path'
import type { ConsoleMessage, Page } from 'playwright-core'
import { violations } from './axe'
import type { viewports } from './browser'
import { marker } from './hostile-texts'

declare global {
  interface Window {
    /** What the content security policy stopped on this page. */
    kenshuBlocked?: string[]
  }
}

/** Collects everything that went wrong; nothing is thrown, so that one run names all of it. */
export class Watch {
  readonly faults: string[] = []
  looks = 0
  /** The page that is looked at now, for the names of faults and pictures. */
  place = ''
  /** Console errors of requests that the walk itself stops or asks for in vain. */
  tolerated: RegExp = /status of 401/

  private constructor(readonly page: Page) {}

  static async over(page: Page, language: string): Promise<Watch> {
    const watch = new Watch(page)
    await page.addInitScript((chosen) => {
      if (location.protocol.startsWith('http')) localStorage.setItem('kenshu.language', chosen)
      window.kenshuBlocked = []
      document.addEventListener('securitypolicyviolation', (event) => {
        window.kenshuBlocked?.push(`${event.violatedDirective} ${event.blockedURI}`)
      })
    }, language)
    page.on('dialog', (dialog) => {
      watch.note(`a ${dialog.type()} opened: ${dialog.message()}`)
      dialog.dismiss().catch(() => undefined)
    })
    page.on('pageerror', (error) => watch.note(`error of the page: ${error.message}`))
    page.on('console', (message) => watch.heard(message))
    return watch
  }

  note(fault: string): void {
    this.faults.push(`${this.place}: ${fault}`)
  }

  private heard(message: ConsoleMessage): void {
    if (message.type() === 'error' && !this.tolerated.test(message.text()))
      this.note(`console: ${message.text()}`)
  }

  /** Everything that holds on every page and in every dialog. */
  async look(device: keyof typeof viewports, axe = true): Promise<void> {
    this.looks++
    const before = this.faults.length
    const seen = await this.page.evaluate((name) => {
      const made = document.querySelectorAll(
        'img[src="x"], [onload], [onerror], [onfocus], [onmouseover], base, [href^="javascript:" i]',
      )
      return {
        ran: name in window,
        made: [...made].map((one) => one.outerHTML.slice(0, 200)),
        blocked: window.kenshuBlocked ?? [],
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        widest: [...document.querySelectorAll('body *')]
          .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .slice(0, 3)
          .map((one) => `${one.tagName}.${one.className} ${one.textContent?.slice(0, 40)}`),
      }
    }, marker)
    if (seen.ran) this.note('a script among the texts ran')
    if (seen.made.length > 0) this.note(`text became an element: ${seen.made.join(' ')}`)
    if (seen.blocked.length > 0)
      this.note(`the content security policy had to stop ${seen.blocked.join(', ')}`)
    if (seen.wide > 0) this.note(`${seen.wide} px wider than the ${device}: ${seen.widest.join(' | ')}`)
    if (axe) {
      for (const one of await violations(this.page))
        this.note(`axe ${one.id}: ${one.nodes.slice(0, 3).join(' ')}`)
    }
    const folder = process.env.KENSHU_TEST_SHOTS
    if (folder && (this.faults.length > before || process.env.KENSHU_TEST_SHOTS_ALL)) {
      const name = this.place.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 120)
      await this.page
        .screenshot({ path: join(folder, `${name}-${device}.png`), fullPage: true })
        .catch(() => undefined)
    }
  }

  /** Everything written on the page, in fields and choices too, white space as one. */
  async words(): Promise<string> {
    const words = await this.page.evaluate(() => {
      const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(
        (one) => one.value,
      )
      return [document.body.textContent ?? '', ...fields].join(' ')
    })
    return words.replaceAll(/\s+/g, ' ')
  }
}
