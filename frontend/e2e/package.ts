// Learning packages in a real browser: made by an editor, run by a learner on the content origin, left and gone on with, cut off from the network, and hostile.
//
//   tsx e2e/package.ts embedded
import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { violations } from './axe'
import { openBrowser, viewports } from './browser'
import type { Installation, Login } from './installation'
import { arrived, course, day, enrolmentIn, eventually, inside, logIn, upload } from './package-steps'
import { hostile, manifest, page12, page2004, zip } from './package-zip'
import { inEmbedded, step } from './step'

async function accessible(page: Page): Promise<void> {
  await page.waitForTimeout(400)
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

const rules = `<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>`

async function main(installation: Installation) {
  const { url, logins } = installation
  const as = (role: string, organisation?: string): Login => {
    const found = logins.find(
      (one) => one.role === role && (organisation === undefined || one.organisation_code === organisation),
    )
    assert.ok(found, `no ${role}`)
    return found
  }
  const editorLogin = as('editor')
  const organisation = editorLogin.organisation_code
  const { context, close } = await openBrowser()
  const titles = { one: '一つの教材', many: '順に進む教材', evil: '悪い教材' }
  try {
    const editor = await logIn(context, url, editorLogin)
    const send = (files: Record<string, string>) => upload(editor, context.request, url, zip(files))
    const one = await step('an editor uploads a package and sees what is in it', async () => {
      const asset = await send({
        'imsmanifest.xml': manifest('1.2', titles.one, [{ id: 'one', title: '本編', href: 'index.html' }]),
        'index.html': page12,
      })
      assert.equal(asset.state, 'ready', asset.problem)
      const found = await editor.call<{ title: string; activities: { needed: boolean }[] }>(
        'GET',
        `/assets/${asset.id}/package`,
      )
      assert.equal(found.title, titles.one)
      assert.equal(found.activities[0]?.needed, true)
      return asset
    })
    await step('a package that reaches outside its folder is refused', async () => {
      const asset = await send({ 'imsmanifest.xml': '', '../../evil.html': 'x' })
      assert.equal(asset.problem, 'package_name')
    })
    const many = await send({
      'imsmanifest.xml': manifest(
        '2004',
        titles.many,
        [
          { id: 'first', title: 'はじめに', href: 'a.html' },
          { id: 'second', title: 'まとめ', href: 'b.html' },
        ],
        rules,
      ),
      'a.html': page2004('はじめに'),
      'b.html': page2004('まとめ'),
    })
    const foreign = await editor.call<{ url: string }>('POST', `/assets/${one.id}/package/preview`)
    const guessed = foreign.url.replace(/\/package\/.{20}/, '/package/AAAAAAAAAAAAAAAAAAAA')
    const evil = await send({
      'imsmanifest.xml': manifest('1.2', titles.evil, [{ id: 'one', title: '悪い', href: 'index.html' }]),
      'index.html': hostile(url, [
        `${foreign.url}file/index.html`,
        `${guessed}file/index.html`,
        foreign.url,
        '/blob/x',
        '/',
        '../../',
      ]),
      'sw.js': 'self.addEventListener("fetch", () => {})',
    })
    const courses = [
      await course(editor, titles.one, [one.id]),
      await course(editor, titles.many, [many.id]),
      await course(editor, titles.evil, [evil.id, one.id]),
    ]
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    await step('the editor sees it in the course and tries it as a learner would', async () => {
      await page.goto(`${url}/courses/${courses[0]}`)
      await page.getByText('教材1').first().click()
      await page.getByText('SCORM 1.2', { exact: true }).waitFor()
      await accessible(page)
      await picture(page, 'package-editor')
    })

    const manager = await logIn(context, url, as('manager', organisation))
    for (const [i, id] of courses.entries())
      await manager.call('POST', '/rounds', {
        title: `教材の実施回${i}`,
        course_id: id,
        starts_on: day(-1),
        deadline_on: day(30),
        audience: { everyone: true },
      })
    const staff = await logIn(context, url, as('staff', organisation))

    const lessonOf = async (title: string, n = 0): Promise<string> => {
      const own = await enrolmentIn(staff, title)
      return `${url}/learn/${own.id}/${own.lessons?.[n]?.id}`
    }
    const where = async () => (await inside(page)).locator('#where').innerText()
    const first = await lessonOf(titles.one)

    await step('the learner starts; the package finds its interface and greets by name', async () => {
      await page.goto(first)
      assert.match(await where(), /ab-initio 画面1/)
      await (await inside(page)).locator('#on').click()
      await (await inside(page)).locator('#on').click()
      await page.getByText('保存済み').waitFor()
      await accessible(page)
      await picture(page, 'package-player-desktop')
    })
    await step(
      'the tab is closed; the next one goes on at the very place, with what the package said last',
      async () => {
        const second = await context.newPage()
        await page.close({ runBeforeUnload: false })
        const own = await enrolmentIn(staff, titles.one)
        await arrived(staff, own.id, own.lessons?.[0]?.id ?? '', 'closed-at-3')
        await second.goto(first)
        assert.match(await (await inside(second)).locator('#where').innerText(), /resume 画面3 closed-at-3/)
        await second.close()
      },
    )
    const tab = await context.newPage()
    tab.setDefaultTimeout(30_000)
    const text = async () => (await inside(tab)).locator('#where').innerText()
    await step('the network is gone; what was done meanwhile is kept and sent later', async () => {
      await tab.goto(first)
      await eventually('started', async () => /画面3/.test(await text()))
      await context.setOffline(true)
      await (await inside(tab)).locator('#on').click()
      await (await inside(tab)).locator('#end').click()
      await tab.getByText('オフライン：端末に保存しています').waitFor()
      assert.notEqual(
        (await enrolmentIn(staff, titles.one).catch(() => ({ status: 'away' }))).status,
        'completed',
      )
      await context.setOffline(false)
      await eventually(
        'completed after the network came back',
        async () => (await enrolmentIn(staff, titles.one)).status === 'completed',
      )
      assert.equal((await enrolmentIn(staff, titles.one)).score_percent, 90)
    })
    await step(
      'SCORM 2004 with two activities: sequencing leads from one to the next, and both finish the course',
      async () => {
        await tab.goto(await lessonOf(titles.many))
        await eventually('the first activity', async () => (await text()) === 'はじめに')
        await (await inside(tab)).locator('#end').click()
        await tab.getByRole('button', { name: '次の項目' }).click()
        await eventually('the second activity', async () => (await text()) === 'まとめ')
        await accessible(tab)
        await picture(tab, 'package-sequence-desktop')
        await tab.setViewportSize(viewports.phone)
        await accessible(tab)
        await picture(tab, 'package-sequence-phone')
        await tab.setViewportSize(viewports.desktop)
        await tab.reload()
        await eventually('goes on with the second after a reload', async () => (await text()) === 'まとめ')
        await (await inside(tab)).locator('#end').click()
        await eventually(
          'completed',
          async () => (await enrolmentIn(staff, titles.many)).status === 'completed',
        )
      },
    )
    await step('a hostile package gets nothing', async () => {
      const evilPage = await lessonOf(titles.evil)
      await tab.goto(evilPage)
      const frame = await inside(tab)
      await frame.locator('#got[data-ready]').waitFor()
      const got = JSON.parse(await frame.locator('#got').innerText()) as Record<string, string>
      console.log(`     ${JSON.stringify(got)}`)
      for (const [name, value] of Object.entries(got))
        assert.ok(
          ['refused', 'none', 'undefined', 'null', '404', 'empty'].includes(value),
          `${name}: ${value}`,
        )
      assert.equal(tab.url(), evilPage)
      assert.notEqual((await enrolmentIn(staff, titles.evil)).status, 'completed')
      await tab.reload()
      const again = await inside(tab)
      await again.locator('#got[data-ready]').waitFor()
      const later = JSON.parse(await again.locator('#got').innerText()) as Record<string, string>
      assert.ok(['none', 'refused'].includes(later['left by another package'] ?? ''))
    })
    await step('its ticket opens its own files and nothing else', async () => {
      const opened = await staff.call<{ url: string }>(
        'POST',
        `/me/enrolments/${(await enrolmentIn(staff, titles.evil)).id}/lessons/${(await lessonOf(titles.evil)).split('/').at(-1)}/launches`,
      )
      const get = async (path: string) =>
        (await context.request.get(new URL(path, opened.url).href, { maxRedirects: 0 })).status()
      assert.equal(await get('file/index.html'), 200)
      for (const path of [
        'file/',
        'file/%2e%2e/%2e%2e/index.html',
        'file/..%2f..%2findex.html',
        'file/imsmanifest.xml/',
        'nothing',
        '/package/',
        '/package-player/',
        '/package-player/../index.html',
        '/index.html',
      ])
        assert.ok([404, 301, 307].includes(await get(path)), `${path}: ${await get(path)}`)
      const answer = await context.request.get(new URL('file/index.html', opened.url).href)
      const headers = answer.headers()
      assert.match(
        headers['content-security-policy'] ?? '',
        /sandbox .*frame-ancestors|frame-ancestors .*sandbox/,
      )
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
      assert.equal(headers['set-cookie'], undefined)
      const worker = await context.request.get(new URL('file/sw.js', opened.url).href, {
        headers: { 'Service-Worker': 'script' },
      })
      assert.equal(worker.status(), 404)
    })
  } finally {
    await close()
  }
}

await inEmbedded(main)
