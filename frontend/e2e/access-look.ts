// What one page does for people who do not see it, do not hold a mouse, read it large, or cannot bear movement.
// Each look gives faults with the number of the criterion (JIS X 8341-3:2016, which is WCAG 2.0, or WCAG 2.1 and 2.2 where newer).
import type { Page } from 'playwright-core'
import { violations } from './axe'

/** What a look found, by criterion: `2.4.7 focus is not seen: <button ...>`. */
export type Fault = { criterion: string; what: string }

/** The pieces of a page that a person can act on. */
const actable =
  'a[href], button, input, select, textarea, summary, iframe, [contenteditable=true], [tabindex], [role=button], [role=link], [role=switch], [role=checkbox]'

const said = (criterion: string, found: string[]): Fault[] =>
  [...new Set(found)].slice(0, 5).map((what) => ({ criterion, what }))

/** Everything axe knows; a rule is counted for the criterion that it names, and as best practice where it names none. */
export async function byAxe(page: Page): Promise<Fault[]> {
  return (await violations(page)).flatMap((one) =>
    said(one.criterion, [`axe ${one.id}: ${one.nodes.slice(0, 2).join(' ')}`]),
  )
}

/** The title names the page, the language is said, nothing plays by itself. */
export async function byHead(page: Page, language: string): Promise<Fault[]> {
  const head = await page.evaluate(() => ({
    title: document.title,
    language: document.documentElement.lang,
    playing: [...document.querySelectorAll<HTMLMediaElement>('video, audio')].filter((one) => !one.paused)
      .length,
  }))
  const faults: Fault[] = []
  if (!/\S.*[|｜·–-].*\S/.test(head.title)) faults.push({ criterion: '2.4.2', what: `title ${head.title}` })
  if (head.language !== language) faults.push({ criterion: '3.1.1', what: `lang ${head.language}` })
  if (head.playing > 0) faults.push({ criterion: '1.4.2', what: `${head.playing} play by themselves` })
  return faults
}

/** Nothing is lost or pushed aside at 200 % and 400 % zoom of a window of 1280 × 1024 px, and with the text spaced out. */
export async function byZoom(page: Page): Promise<Fault[]> {
  const faults: Fault[] = []
  const measure = async (criterion: string, how: string) => {
    await page.waitForTimeout(150)
    const found = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth
      const name = (one: Element) =>
        `<${one.tagName.toLowerCase()} ${one.className}> ${one.textContent?.trim().slice(0, 40)}`
      const inScroller = (one: Element) => {
        for (let up = one.parentElement; up; up = up.parentElement)
          if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true
        return false
      }
      const wide = document.documentElement.scrollWidth - edge
      const cut = [...document.querySelectorAll('button, a, label, legend, h1, h2, h3, th, dt, [role=tab]')]
        .filter((one) => {
          const style = getComputedStyle(one)
          if (style.textOverflow === 'ellipsis' || style.clip !== 'auto' || style.clipPath !== 'none')
            return false
          const hidden = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY)
          return (
            hidden &&
            one.clientWidth > 2 &&
            (one.scrollWidth > one.clientWidth + 2 || one.scrollHeight > one.clientHeight + 2)
          )
        })
        .map(name)
      const outside =
        wide > 0
          ? [...document.querySelectorAll('body *')]
              .filter((one) => one.getBoundingClientRect().right > edge + 1 && !inScroller(one))
              .map(name)
          : []
      return { wide, cut, outside: outside.slice(-3) }
    })
    if (found.wide > 0)
      faults.push({ criterion, what: `${how}: ${found.wide} px too wide, ${found.outside.join(' | ')}` })
    faults.push(
      ...said(
        criterion,
        found.cut.map((one) => `${how}: text is cut off in ${one}`),
      ),
    )
  }
  const before = page.viewportSize() ?? { width: 1280, height: 800 }
  await page.setViewportSize({ width: 640, height: 512 })
  await measure('1.4.4', '200 %')
  await page.setViewportSize({ width: 320, height: 256 })
  await measure('1.4.10', '400 %')
  await page.setViewportSize(before)
  const spaced = await page.addStyleTag({
    content:
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
  })
  await measure('1.4.12', 'text spaced out')
  await spaced.evaluate((one) => one.parentNode?.removeChild(one))
  return faults
}

/** With less motion asked for, nothing goes on moving. */
export async function byMotion(page: Page): Promise<Fault[]> {
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((one) => one.playState === 'running')
      .filter((one) => {
        const timing = one.effect?.getComputedTiming()
        return Number(timing?.activeDuration ?? 0) > 100
      })
      .map((one) => {
        const target = (one.effect as KeyframeEffect | null)?.target
        return `${target?.tagName} ${target?.className}`
      }),
  )
  return said(
    '2.2.2',
    moving.map((one) => `moves although less motion is asked for: ${one}`),
  )
}

/** The next stop of the tab key is the first of the page, wherever the focus was. */
async function fromTheTop(page: Page): Promise<void> {
  await page.evaluate(() => {
    const first = document.createElement('span')
    first.tabIndex = -1
    document.body.prepend(first)
    first.focus()
    first.remove()
    window.scrollTo(0, 0)
  })
}

interface Stop {
  name: string
  again: boolean
  body: boolean
  seen: boolean
  covered: string
}

declare global {
  interface Window {
    kenshuKeys?: { looks: Map<Element, string>; reached: Set<Element>; look: (one: Element) => string }
  }
}

/**
 * Goes through the page with the tab key alone: everything that can be acted on is reached, each stop is seen, nothing covers it,
 * nothing holds the focus and nothing happens by focus alone.
 */
export async function byKeyboard(page: Page, most = 300): Promise<{ faults: Fault[]; stops: number }> {
  const at = page.url()
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true // what is folded is looked at, too
  })
  await fromTheTop(page) // where the page itself puts the focus looks as others do
  await page.evaluate((selector) => {
    const parts = [
      'outline',
      'boxShadow',
      'borderColor',
      'backgroundColor',
      'color',
      'textDecorationLine',
    ] as const
    const one = (element: Element | null) => {
      if (!element) return ''
      const style = getComputedStyle(element)
      const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? '' : style.outline
      return [outline, ...parts.slice(1).map((part) => style[part])].join()
    }
    // Where the field itself is invisible (a drawn checkbox), its neighbours and the box around it show the focus.
    const look = (element: Element) =>
      [
        element,
        ...(element.parentElement?.children ?? []),
        element.parentElement,
        element.parentElement?.parentElement ?? null,
      ]
        .map(one)
        .join(';')
    const looks = new Map([...document.querySelectorAll(selector)].map((element) => [element, look(element)]))
    window.kenshuKeys = { looks, reached: new Set(), look }
  }, actable)
  const faults: Fault[] = []
  let stops = 0
  let still = 0
  let before = ''
  for (; stops < most; stops++) {
    await page.keyboard.press('Tab')
    const stop: Stop = await page.evaluate(async () => {
      // What takes the focus is scrolled to in the next frame.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const keys = window.kenshuKeys
      const element = document.activeElement
      if (!keys || !element || element === document.body || element === document.documentElement)
        return { name: '', again: false, body: true, seen: true, covered: '' }
      const again = keys.reached.has(element)
      keys.reached.add(element)
      for (const running of document.getAnimations()) running.finish() // a transition of the ring is not its absence
      const drawn = (element as HTMLInputElement).labels?.[0]
      const box = (element.clientHeight < 2 && drawn ? drawn : element).getBoundingClientRect()
      const [top0, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)] // a long field is seen in part
      const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2)
      const inView =
        bottom <= top0 ? [] : [0.15, 0.5, 0.85].map((part) => [x, top0 + (bottom - top0) * part] as const)
      const over = inView.map(([px, py]) => document.elementFromPoint(px, py))
      const mine = over.some(
        (top) =>
          top === null ||
          element.contains(top) ||
          top.contains(element) ||
          element.parentElement?.contains(top) ||
          (top instanceof HTMLLabelElement && top.control === element) ||
          top.closest('label')?.control === element,
      )
      const top = over[0]
      const before = keys.looks.get(element)
      return {
        name: element.outerHTML.slice(0, 160),
        again,
        body: false,
        seen: before === undefined || before !== keys.look(element),
        covered: mine
          ? ''
          : inView.length === 0
            ? 'outside of the screen'
            : `${top?.tagName} ${top?.className} ${top?.textContent?.slice(0, 30)}`,
      }
    })
    if (page.url() !== at)
      return {
        faults: [...faults, { criterion: '3.2.1', what: `focus alone leads to ${page.url()}` }],
        stops,
      }
    if (stop.body || (stop.again && stop.name !== before)) break
    if (!stop.seen) faults.push({ criterion: '2.4.7', what: `the focus is not seen on ${stop.name}` })
    if (stop.covered) faults.push({ criterion: '2.4.11', what: `${stop.covered} lies over ${stop.name}` })
    still = stop.again ? still + 1 : 0 // a date has stops of its own inside
    before = stop.name
    if (still > 8) {
      faults.push({ criterion: '2.1.2', what: `the focus does not leave ${stop.name}` })
      break
    }
  }
  if (stops < most) faults.push(...said('2.1.1', await unreached(page)))
  return { faults, stops }
}

/** What can be pressed with a mouse and was not reached by the keyboard. Of a group with one stop (radio buttons, tabs, menus) one is enough. */
function unreached(page: Page): Promise<string[]> {
  return page.evaluate((selector) => {
    const reached = window.kenshuKeys?.reached ?? new Set<Element>()
    const shown = (one: Element) => {
      const box = one.getBoundingClientRect()
      const hidden = one.closest(
        '[inert], [aria-hidden=true], [hidden], fieldset:disabled, [contenteditable=true]',
      )
      return box.width > 0 && box.height > 0 && !hidden && one.checkVisibility({ visibilityProperty: true })
    }
    const group = (one: Element) =>
      one.closest(
        '[role=tablist], [role=radiogroup], [role=toolbar], [role=grid], [role=tree], [role=menu], [role=listbox], media-controller',
      )
    const holds = (one: Element) => [...reached].some((other) => one.contains(other) || other.contains(one))
    const missed = [...document.querySelectorAll(selector)].filter((one) => {
      if (!shown(one) || reached.has(one)) return false
      if (
        one.matches(
          ':disabled, [aria-disabled=true], [data-disabled=true], [tabindex="-1"]:not(a[href], button, input)',
        )
      )
        return false
      if (one instanceof HTMLInputElement && one.type === 'radio')
        return ![...reached].some((other) => other instanceof HTMLInputElement && other.name === one.name)
      if (one instanceof HTMLInputElement && one.type === 'file')
        return ![...reached].some((other) => other.closest('form, main')?.contains(one))
      const around = group(one)
      if (around) return ![...reached].some((other) => around.contains(other))
      return !holds(one)
    })
    const pointed = [...document.querySelectorAll('main *')].filter(
      (one) =>
        shown(one) &&
        getComputedStyle(one).cursor === 'pointer' &&
        one.parentElement !== null &&
        getComputedStyle(one.parentElement).cursor !== 'pointer' &&
        !one.closest(`label, summary, ${selector}`) &&
        !group(one) &&
        !holds(one),
    )
    return [...missed, ...pointed].map((one) => `not reached by the tab key: ${one.outerHTML.slice(0, 160)}`)
  }, actable)
}

/** In pages with the menu the first stop leads past it, and it works. */
export async function bySkipping(page: Page): Promise<Fault[]> {
  const framed = (await page.locator('nav').count()) > 0
  if (!framed) return []
  await fromTheTop(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(50)
  const inside = await page.evaluate(() => {
    const focus = document.activeElement
    return focus?.tagName === 'MAIN' || focus?.closest('main') !== null
  })
  return inside ? [] : [{ criterion: '2.4.1', what: 'the first stop does not lead past the menu' }]
}
