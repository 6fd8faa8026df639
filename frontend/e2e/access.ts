// Every page of the product as people meet it who do not see it, use the keyboard alone, read it at 400 %, or ask for less motion.
// The result goes into the page that JIS X 8341-3:2016 (JB.3.1) asks for: src/features/accessibility/result.json.
//
//   tsx e2e/access.ts [--out FILE]
import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { byAxe, byHead, byKeyboard, byMotion, bySkipping, byZoom, type Fault } from './access-look'
import { openBrowser } from './browser'
import { makeWorld, type World } from './hostile-world'
import { embedded } from './installation'
import { assertComplete, eachVisit, open, visits } from './visits'

interface Walk {
  faults: { place: string; criterion: string; what: string }[]
  looks: Record<string, number>
  stops: number
}

/** Opens every page and takes every look at it: in Japanese on light ground with the keyboard and large, in English on dark ground. */
async function walk(url: string, world: World, language: 'ja' | 'en'): Promise<Walk> {
  const { context, close } = await openBrowser({
    locale: language === 'ja' ? 'ja-JP' : 'en-US',
    colorScheme: language === 'ja' ? 'light' : 'dark',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(15_000)
  await page.addInitScript((chosen) => {
    if (location.protocol.startsWith('http')) localStorage.setItem('kenshu.language', chosen)
  }, language)
  await page.addInitScript('globalThis.__name = (one) => one') // tsx names functions with a helper that the page does not have
  const done: Walk = { faults: [], looks: {}, stops: 0 }
  await eachVisit(page, url, world, async (visit, at) => {
    const place = `${language} ${visit.who} ${at}`
    const take = async (name: string, look: () => Promise<Fault[]>) => {
      done.looks[name] = (done.looks[name] ?? 0) + 1
      for (const one of await look()) done.faults.push({ place, ...one })
    }
    try {
      await open(page, url + at)
      await take('axe', () => byAxe(page))
      await take('head', () => byHead(page, language))
      await take('motion', () => byMotion(page))
      if (language === 'ja') {
        await take('zoom', () => byZoom(page))
        await take('keyboard', async () => {
          const { faults, stops } = await byKeyboard(page)
          done.stops += stops
          return faults
        })
        await take('skip', () => bySkipping(page))
      }
    } catch (error) {
      done.faults.push({ place, criterion: 'walk', what: `${error}` })
    }
  })
  await close()
  return done
}

/** One line for each fault, however many pages have it. */
function told(faults: Walk['faults']): string {
  const places = new Map<string, string[]>()
  for (const { criterion, what, place } of faults) {
    const key = `${criterion} ${what}`
    places.set(key, [...(places.get(key) ?? []), place])
  }
  return [...places]
    .map(([key, at]) => `${key}\n    on ${at.length}: ${at.slice(0, 3).join(', ')}`)
    .join('\n')
}

async function main() {
  const began = Date.now()
  const installation = await embedded({ KENSHU_PROOF: '1h' })
  try {
    const world = await makeWorld(installation)
    assertComplete(visits(world))
    const walks = await Promise.all([
      walk(installation.url, world, 'ja'),
      walk(installation.url, world, 'en'),
    ])
    const faults = walks.flatMap((one) => one.faults)
    for (const one of walks) console.log(JSON.stringify(one.looks), `${one.stops} stops of the tab key`)
    console.log(`done (${Math.round((Date.now() - began) / 1000)} s)`)
    const out = argv.indexOf('--out')
    if (out > 0) {
      assert.ok(!process.env.KENSHU_TEST_ONLY, 'the result is about all pages')
      const failed = [...new Set(faults.map(({ criterion }) => criterion))].sort()
      const looks: Record<string, number> = {}
      for (const one of walks)
        for (const [name, times] of Object.entries(one.looks)) looks[name] = (looks[name] ?? 0) + times
      const result = {
        tested: new Date().toISOString().slice(0, 10),
        pages: [...new Set(visits(world).map(({ route }) => route))].sort(),
        looks: { ...looks, stops: walks.reduce((sum, one) => sum + one.stops, 0) },
        failed,
      }
      writeFileSync(argv[out + 1] ?? '', `${JSON.stringify(result, null, 2)}\n`)
    }
    assert.equal(faults.length, 0, `\n${told(faults)}`)
  } finally {
    await installation.stop()
  }
}

await main()
