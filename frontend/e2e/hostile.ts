// Every page of the product, opened in an organisation whose people, texts and files are all hostile, on a phone and on a
// desktop, in both languages: no script runs, nothing is blocked, nothing is wider than the screen, every text is read as it
// was written, and axe finds nothing (on the phone in Japanese, on the desktop in English). On the phone every button is pressed and what opens is looked at too.
//
//   tsx e2e/hostile.ts embedded [quick]
//
// quick, for every test run: each page once, on a phone in Japanese, without axe and without pressing anything.
import { strict as assert } from 'node:assert'
import { openBrowser, viewports } from './browser'
import { holdBack, pressEverything } from './hostile-press'
import { kept } from './hostile-texts'
import { Watch } from './hostile-watch'
import { makeWorld, type World } from './hostile-world'
import { embedded } from './installation'
import { assertComplete, eachVisit, open, visits } from './visits'

const quick = process.argv.includes('quick')

/** Reads every page at both widths; in Japanese its buttons are pressed as well. */
async function walk(url: string, world: World, language: 'ja' | 'en'): Promise<Watch> {
  const locale = language === 'ja' ? 'ja-JP' : 'en-US'
  const { context, close } = await openBrowser({ locale, acceptDownloads: true })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(15_000)
  const watch = await Watch.over(page, language)
  let dialogs = 0
  await eachVisit(page, url, world, async (visit, at) => {
    const began = Date.now()
    watch.place = `${language} ${visit.who} ${at}`
    try {
      await page.setViewportSize(viewports.phone)
      await open(page, url + at)
      await watch.look('phone', language === 'ja' && !quick)
      let words = await watch.words()
      if (!quick) {
        await page.setViewportSize(viewports.desktop)
        await page.waitForTimeout(150)
        await watch.look('desktop', language === 'en')
        words += await watch.words()
      }
      for (const text of visit.shows ?? [])
        if (!words.includes(kept(text))) watch.note(`does not show ${JSON.stringify(text)}`)
      if (language === 'ja' && visit.who !== 'nobody' && !quick) {
        await page.setViewportSize(viewports.phone)
        await page.waitForTimeout(100)
        const release = await holdBack(page)
        watch.tolerated = /status of 401|ERR_BLOCKED_BY_CLIENT/
        dialogs += await pressEverything(watch, page.url())
        watch.tolerated = /status of 401/
        await release()
      }
    } catch (error) {
      watch.note(`${error}`)
    }
    if (process.env.KENSHU_TEST_VERBOSE) console.log(`${watch.place} ${Date.now() - began} ms`)
  })
  console.log(`${language}: ${watch.looks} looks, ${dialogs} dialogs and menus`)
  await close()
  return watch
}

async function main() {
  const began = Date.now()
  const installation = await embedded({ KENSHU_PROOF: '1h' })
  try {
    const world = await makeWorld(installation)
    assertComplete(visits(world))
    console.log(`the organisation is made (${Date.now() - began} ms)`)
    const walks = await Promise.all([
      walk(installation.url, world, 'ja'),
      ...(quick ? [] : [walk(installation.url, world, 'en')]),
    ])
    const faults = walks.flatMap((one) => one.faults)
    console.log(`done (${Date.now() - began} ms)`)
    assert.equal(faults.length, 0, `\n${[...new Set(faults)].join('\n')}`)
  } finally {
    await installation.stop()
  }
}

await main()
