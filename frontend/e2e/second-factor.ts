// Two-step log-in in a real browser: an authenticator app (computed here), a passkey (Chromium's virtual authenticator), recovery codes, a fresh proof
// before an export, sessions by device, and a factor that is lost.
//
//   tsx e2e/second-factor.ts embedded
import { strict as assert } from 'node:assert'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { violations } from './axe'
import { openBrowser, viewports } from './browser'
import { embedded, type Login } from './installation'
import { step } from './step'

/** How long a proof counts in this test. */
const proof = 8

function secretBytes(base32: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let bits = ''
  for (const letter of base32) bits += letters.indexOf(letter).toString(2).padStart(5, '0')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

/** RFC 6238, written apart from the server's. */
function code(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secretBytes(secret)).update(counter).digest()
  const at = (hash[19] ?? 0) & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

let lastStep = 0

/** The next code that was not used yet; waits for its half minute when it must. */
async function freshCode(secret: string): Promise<string> {
  let step = Math.max(Math.floor(Date.now() / 30_000), lastStep + 1)
  if (step > Math.floor(Date.now() / 30_000) + 1) {
    await new Promise((done) => setTimeout(done, (step - 1) * 30_000 - Date.now() + 200))
    step = Math.max(Math.floor(Date.now() / 30_000), lastStep + 1)
  }
  lastStep = step
  return code(secret, step)
}

async function accessible(page: Page): Promise<void> {
  await page.waitForTimeout(400) // a dialog fades in
  const found = await violations(page)
  assert.deepEqual(
    found.map((one) => `${one.id}: ${one.nodes.join(' ')}`),
    [],
    `axe on ${page.url()}`,
  )
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.KENSHU_TEST_SHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function password(page: Page, url: string, as: Login): Promise<void> {
  await page.goto(`${url}/login`)
  await page.getByLabel('会社コード').fill(as.organisation_code)
  await page.getByLabel('ログインID').fill(as.login_id)
  await page.getByLabel('パスワード', { exact: true }).fill(as.password)
  await button(page, 'ログインする').click()
}

/** A page that nobody is logged in on. */
async function anew(context: BrowserContext): Promise<Page> {
  await context.clearCookies()
  for (const page of context.pages().slice(1)) await page.close()
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  await page.goto('about:blank')
  return page
}

const inside = (page: Page) => page.getByRole('navigation').first().waitFor()

/** Confirms who one is wherever the page asks, with password and code. */
async function confirm(page: Page, as: Login, secret?: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'ご本人の確認' })
  await dialog.waitFor()
  await accessible(page)
  await dialog.getByLabel('パスワード', { exact: true }).fill(as.password)
  if (secret) await dialog.getByLabel('認証アプリの確認コード').fill(await freshCode(secret))
  await dialog.getByRole('button', { name: '確認して続ける' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** Does what click begins, with the proof that it may ask for. */
async function confirmed(
  page: Page,
  as: Login,
  click: () => Promise<void>,
  done: () => Promise<unknown>,
  secret?: string,
) {
  await click()
  const asked = page.getByRole('dialog', { name: 'ご本人の確認' })
  await Promise.race([asked.waitFor().catch(() => undefined), done().catch(() => undefined)])
  if (await asked.isVisible()) await confirm(page, as, secret)
  await done()
}

async function main() {
  const installation = await embedded({ KENSHU_PROOF: `${proof}s` })
  const { context, close } = await openBrowser({ viewport: viewports.desktop, acceptDownloads: true })
  const url = installation.url
  const find = (role: string) => {
    const found = installation.logins.find((one) => one.role === role)
    assert.ok(found, `a demonstration log-in for ${role}`)
    return found
  }
  const manager = find('manager')
  const staff = find('staff')
  try {
    const page = await anew(context)
    const { secret, codes } = await step('set up an authenticator app', async () => {
      await password(page, url, staff)
      await inside(page)
      await page.goto(`${url}/account`)
      const dialog = page.getByRole('dialog', { name: '認証アプリの設定' })
      await confirmed(
        page,
        staff,
        () => button(page, '認証アプリを設定する').click(),
        () => dialog.waitFor(),
      )
      await dialog.getByText('読み取れないとき').click()
      const secret = (await dialog.locator('code').innerText()).trim()
      await accessible(page)
      await picture(page, 'wizard')
      await dialog.getByLabel('アプリの確認コード').fill('000000')
      await confirmed(
        page,
        staff,
        () => dialog.getByRole('button', { name: '設定を終える' }).click(),
        () => dialog.getByText('確認コードが違います').waitFor(),
      )
      await dialog.getByLabel('アプリの確認コード').fill(await freshCode(secret))
      await confirmed(
        page,
        staff,
        () => dialog.getByRole('button', { name: '設定を終える' }).click(),
        () => page.getByRole('heading', { name: '予備コードを保管してください' }).waitFor(),
      )
      const codes = await page.locator('ol code').allInnerTexts()
      assert.equal(codes.length, 10)
      await accessible(page)
      await picture(page, 'recovery')
      await button(page, '終える').click()
      await page.getByText('印刷かコピーをして保管してから').waitFor()
      await page.getByLabel('予備コードを安全な所に保管しました').check()
      await button(page, '終える').click()
      await page.getByText('10個のうち、残り10個').waitFor()
      await accessible(page)
      await picture(page, 'account')
      return { secret, codes }
    })

    await step('log in with the app', async () => {
      const page = await anew(context)
      await password(page, url, staff)
      await page.getByRole('heading', { name: 'あと1つ確認します' }).waitFor()
      await accessible(page)
      await picture(page, 'factor')
      await page.getByLabel('認証アプリの確認コード').fill('000000')
      await button(page, 'ログインする').click()
      await page.getByText('確認できませんでした').waitFor()
      await page.getByLabel('認証アプリの確認コード').fill(await freshCode(secret))
      await button(page, 'ログインする').click()
      await inside(page)
    })

    await step('log in with a recovery code, once', async () => {
      const spent = codes[4] ?? ''
      for (const works of [true, false]) {
        const page = await anew(context)
        await password(page, url, staff)
        await button(page, '予備コードを使う').click()
        await page.getByLabel('予備コード', { exact: true }).fill(spent.toLowerCase())
        await button(page, 'ログインする').click()
        if (works) await inside(page)
        else await page.getByText('確認できませんでした').waitFor()
      }
    })

    await step('a passkey logs in alone, as second factor, and as proof', async () => {
      const page = await anew(context)
      const device = await context.newCDPSession(page)
      await device.send('WebAuthn.enable')
      await device.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      })
      await password(page, url, manager)
      await inside(page)
      await page.goto(`${url}/account`)
      await button(page, 'パスキーを追加する').click()
      const dialog = page.getByRole('dialog', { name: 'パスキーの追加' })
      await dialog.getByLabel('このパスキーの名前').fill('事務所のパソコン')
      await confirmed(
        page,
        manager,
        () => dialog.getByRole('button', { name: '次に進む' }).click(),
        () => page.getByRole('heading', { name: '予備コードを保管してください' }).waitFor(),
      )
      await page.getByLabel('予備コードを安全な所に保管しました').check()
      await button(page, '終える').click()
      await page.getByText('事務所のパソコン').waitFor()
      await picture(page, 'passkeys')

      // Another name.
      await button(page, 'パスキー「事務所のパソコン」の名前を変える').click()
      const rename = page.getByRole('dialog', { name: 'パスキーの名前を変える' })
      await rename.getByLabel('このパスキーの名前').fill('2階のパソコン')
      await rename.getByRole('button', { name: '変更を保存する' }).click()
      await button(page, 'パスキー「2階のパソコン」を削除する').waitFor()

      await context.clearCookies()
      await page.goto(`${url}/login`)
      await button(page, 'パスキーでログインする').click()
      await inside(page)

      await context.clearCookies()
      await password(page, url, manager)
      await button(page, 'パスキーで確認する').click()
      await inside(page)

      // The proof has grown old: an export asks for it, and goes on by itself.
      await page.goto(`${url}/people`)
      await page.waitForTimeout((proof + 1) * 1000)
      assert.equal(
        await page.evaluate(async () => (await fetch('/api/v1/people/export?format=csv')).status),
        403,
      )
      await button(page, 'CSVで保存する').click()
      const ask = page.getByRole('dialog', { name: 'ご本人の確認' })
      await ask.waitFor()
      await accessible(page)
      await picture(page, 'proof')
      const saved = page.waitForEvent('download')
      await ask.getByRole('button', { name: 'パスキーで確認する' }).click()
      await saved
    })

    await step('the manager removes a lost factor', async () => {
      const page = context.pages()[0]
      assert.ok(page)
      const people = await page.evaluate(async () => (await fetch('/api/v1/people?limit=500')).json())
      const lost = people.items.find((one: { login_id: string }) => one.login_id === staff.login_id)
      assert.ok(lost)
      await page.goto(`${url}/people/${lost.id}`)
      await button(page, '二段階の確認を解除する').click()
      const dialog = page.getByRole('dialog', { name: '二段階の確認を解除する' })
      await dialog.getByLabel('理由').fill('電話をなくした')
      await dialog.getByRole('button', { name: '二段階の確認を解除する' }).click()
      const slip = page.getByRole('heading', { name: new RegExp(lost.name) }).last()
      const ask = page.getByRole('dialog', { name: 'ご本人の確認' })
      await Promise.race([ask.waitFor().catch(() => undefined), page.locator('code').nth(2).waitFor()])
      if (await ask.isVisible()) await ask.getByRole('button', { name: 'パスキーで確認する' }).click()
      await page.locator('code').nth(2).waitFor()
      await slip.waitFor()
      const shown = await page.locator('code').allInnerTexts()
      const oneTime = shown.map((one) => one.trim()).find((one) => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(one))
      assert.ok(oneTime, shown.join(' '))
      await picture(page, 'lost')
      const other = await anew(context)
      await password(other, url, { ...staff, password: oneTime })
      await other.getByRole('heading', { name: '自分のパスワードを決める' }).waitFor()
    })
    console.log('done')
  } catch (error) {
    for (const [n, page] of context.pages().entries())
      await picture(page, `failed-${n}`).catch(() => undefined)
    throw error
  } finally {
    await close()
    await installation.stop()
  }
}

await main()
