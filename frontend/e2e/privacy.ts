// What a browser keeps and shows of a person: fields of passwords, the way out on every page, the storages while somebody learns without a network and after
// they logged out, and the built page itself.
//
//   tsx e2e/privacy.ts embedded
import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser } from './browser'
import type { Installation, Login } from './installation'
import { inEmbedded, step } from './step'

/** Everything that a browser keeps for this origin and scripts can read, as text. */
async function kept(page: Page): Promise<{ text: string; outbox: number; keys: string[] }> {
  return page.evaluate(async () => {
    const found: Record<string, unknown> = {
      cookies: document.cookie,
      local: { ...localStorage },
      session: { ...sessionStorage },
      caches: 'caches' in window ? await caches.keys() : [],
      history: history.state,
    }
    let outbox = 0
    for (const { name } of await indexedDB.databases()) {
      if (!name) continue
      const open = await new Promise<IDBDatabase>((done) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => done(request.result)
      })
      for (const store of open.objectStoreNames) {
        const rows = await new Promise<unknown[]>((done) => {
          const request = open.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => done(request.result)
        })
        found[`${name}/${store}`] = rows
        if (name === 'kenshu-outbox') outbox += rows.length
      }
      open.close()
    }
    return { text: JSON.stringify(found), outbox, keys: Object.keys(localStorage) }
  })
}

const out = (page: Page) => page.getByRole('button', { name: 'ログアウト', exact: true })

/** Pastes a text as a person does. The clipboard takes it from another field. */
async function paste(page: Page, label: string, text: string): Promise<void> {
  const from = page.getByLabel('ログインID')
  await from.fill(text)
  await from.selectText()
  await page.keyboard.press('Control+C')
  const field = page.getByLabel(label, { exact: true })
  await field.focus()
  await page.keyboard.press('Control+V')
  assert.equal(await field.inputValue(), text, `${label} takes what is pasted`)
  assert.equal(await field.getAttribute('type'), 'password')
  assert.equal(await field.getAttribute('autocomplete'), 'current-password')
}

async function logIn(page: Page, url: string, as: Login): Promise<void> {
  await page.goto(`${url}/login`)
  await paste(page, 'パスワード', as.password)
  await page.getByLabel('会社コード').fill(as.organisation_code)
  await page.getByLabel('ログインID').fill(as.login_id)
  await page.getByRole('button', { name: 'ログインする', exact: true }).click()
  await out(page).waitFor()
}

/** Asks the API in the page's name. */
const ask = (page: Page, path: string) =>
  page.evaluate(async (at) => (await fetch(`/api/v1${at}`)).json(), path)

/** Nothing of the list stands in a text. */
function holdsNone(text: string, words: string[], where: string): void {
  const found = words.filter((word) => text.includes(word))
  assert.deepEqual(found, [], where)
}

async function main(installation: Installation) {
  const { url, logins } = installation
  const find = (role: string): Login => {
    const found = logins.find((one) => one.role === role)
    assert.ok(found, `a demonstration log-in for ${role}`)
    return found
  }
  const staff = find('staff')
  const manager = find('manager')
  const { context, close } = await openBrowser()
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    page.setDefaultTimeout(20_000)
    await step('a password is pasted, hidden, and named for password managers', () => logIn(page, url, staff))
    const { person, organisation } = await ask(page, '/session')
    const own = [person.name, staff.login_id, staff.password, organisation.name].filter(Boolean)

    const shown = await step('what is learnt without a network is kept without a name', async () => {
      await page.goto(`${url}/learn`)
      await page.locator('main a[href^="/learn/"]').first().waitFor()
      const text = await page.locator('body').innerText()
      assert.ok(text.includes(person.name), 'the page names who is logged in')
      await page.locator('main a[href^="/learn/"]').first().click()
      await page.waitForURL(/\/learn\/[^/]+\/[^/]+/)
      await page.locator('h1').first().waitFor()
      await page.waitForLoadState('networkidle')
      await context.setOffline(true)
      for (let turn = 0; turn < 60 && (await kept(page)).outbox === 0; turn++) {
        await page.mouse.wheel(0, 400)
        await page.waitForTimeout(500)
      }
      const now = await kept(page)
      assert.ok(now.outbox > 0, 'something waits to be sent')
      holdsNone(now.text, own, 'storages while learning')
      return now.outbox
    })

    await step('logging out empties the browser, but for what was not sent yet', async () => {
      const lesson = page.url()
      // What could not be sent must survive a log-out, so the way there is shut while everything else works.
      await page.route('**/api/v1/me/**', (route) =>
        route.request().method() === 'GET' ? route.continue() : route.abort(),
      )
      await context.setOffline(false)
      await page.goto(`${url}/learn`)
      await page.evaluate(() => localStorage.setItem('kenshu.draft.comment.somebody.1', '"half a sentence"'))
      await out(page).click()
      await page.getByLabel('会社コード').waitFor()
      const now = await kept(page)
      assert.ok(now.outbox > 0, `${shown} entries waited, and ${now.outbox} are left`)
      holdsNone(now.text, [...own, 'half a sentence'], 'storages after the log-out')
      assert.equal(
        (await context.cookies()).some(({ name }) => name === '__Host-kenshu'),
        false,
        'no session is left',
      )
      await page.goBack()
      await page.getByLabel('会社コード').waitFor()
      holdsNone(await page.content(), own, 'the page one comes back to')
      await page.goto(lesson)
      await page.getByLabel('会社コード').waitFor()
      await page.unroute('**/api/v1/me/**')
    })

    const names = await step('the way out stands on every page of the menu', async () => {
      await logIn(page, url, manager)
      const links = await page.getByRole('navigation').first().getByRole('link').all()
      const places = new Set(await Promise.all(links.map((one) => one.getAttribute('href'))))
      assert.ok(places.size > 8, 'the menu is read')
      for (const place of places) {
        await page.goto(url + place)
        await page.locator('h1').first().waitFor()
        assert.ok(await out(page).isVisible(), `${place} shows the way out`)
      }
      const lists = ['/people?limit=100', '/rounds', '/courses']
      const text = JSON.stringify(await Promise.all(lists.map((path) => ask(page, path))))
      return [...text.matchAll(/"(?:name|title|login_id)":"([^"\\]+)"/g)].map(([, word]) => word)
    })

    await step('the built page says nothing of an installation', async () => {
      const words = [
        ...names,
        ...logins.flatMap((one) => [one.organisation_code, one.login_id, one.password]),
      ]
      const long = [...new Set(words)].filter((word): word is string => (word?.length ?? 0) > 4)
      assert.ok(long.length > 30, `${long.length} names`)
      const built = join(import.meta.dirname, '../dist')
      const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.(html|js|css|json|svg)$/.test(name),
      )
      assert.ok(files.length > 20, 'the page is built')
      for (const name of files) holdsNone(readFileSync(join(built, name), 'utf8'), long, name)
      const answers = [await fetch(url), await context.request.get(`${url}/people`)]
      const [nobody, somebody] = [await answers[0]?.text(), await answers[1]?.text()]
      assert.equal(somebody, nobody, 'the page is the same for everybody')
    })
  } finally {
    await close()
  }
}

await inEmbedded(main)
