// Packages of real tools, and packages laid out as the well-known ones publish them, in a real browser: launched, gone on with after the tab was closed, finished
// with a score.
//
//   tsx e2e/package-real.ts embedded
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { openBrowser } from './browser'
import type { Installation, Login } from './installation'
import { arrived, course, day, enrolmentIn, eventually, logIn, upload } from './package-steps'
import { several, single } from './package-tools'
import { zip } from './package-zip'
import { inEmbedded, step } from './step'

const made = ['1.2', '2004-3', '2004-4'].map((which) => ({
  name: `simple-scorm-packager, SCORM ${which}`,
  bytes: readFileSync(join(import.meta.dirname, `files/packages/simple-scorm-packager-${which}.zip`)),
  kept: undefined,
}))

/** The page in which the course is, however many frames down. */
async function lessonIn(page: Page, heading?: string): Promise<Frame> {
  for (let i = 0; i < 150; i++) {
    for (const frame of page.frames()) {
      if (!frame.url().includes('/file/')) continue
      const text = await frame
        .locator('#where')
        .innerText({ timeout: 200 })
        .catch(() => '')
      if (!text) continue
      const title = await frame // one that is just going is another
        .locator('h1')
        .innerText({ timeout: 200 })
        .catch(() => '')
      if (!heading || title === heading) return frame
    }
    await page.waitForTimeout(100)
  }
  throw new Error(`no lesson on ${page.url()}: ${page.frames().map((one) => one.url())}`)
}

const said = async (page: Page, heading?: string) =>
  (await lessonIn(page, heading)).locator('#where').innerText()
const press = async (page: Page, button: 'on' | 'end', heading?: string) =>
  (await lessonIn(page, heading)).locator(`#${button}`).click()

async function main({ url, logins }: Installation) {
  const as = (role: string): Login => {
    const found = logins.find(
      (one) =>
        one.role === role && (role === 'editor' || one.organisation_code === as('editor').organisation_code),
    )
    assert.ok(found, `no ${role}`)
    return found
  }
  const { context, close } = await openBrowser()
  try {
    const editor = await logIn(context, url, as('editor'))
    const packages = [
      ...made,
      ...single.map(({ name, files, kept }) => ({ name, kept, bytes: zip(files) })),
      ...several.map(({ name, files, kept }) => ({ name, kept, bytes: zip(files) })),
    ]
    const title = '道具で作った教材'
    await step(`${packages.length} packages are taken as they are and make a course`, async () => {
      const assets = await Promise.all(
        packages.map(async ({ name, bytes }) => {
          const asset = await upload(editor, context.request, url, bytes)
          assert.equal(asset.state, 'ready', `${name}: ${asset.problem}`)
          return asset.id
        }),
      )
      const id = await course(editor, title, assets)
      const manager = await logIn(context, url, as('manager'))
      await manager.call('POST', '/rounds', {
        title: '道具の実施回',
        course_id: id,
        starts_on: day(-1),
        deadline_on: day(30),
        audience: { everyone: true },
      })
    })
    const staff = await logIn(context, url, as('staff'))
    await eventually('the learner is taken into the round', async () =>
      Boolean(await enrolmentIn(staff, title)),
    )
    const own = await enrolmentIn(staff, title)
    const done = async (n: number) => (await enrolmentIn(staff, title)).lessons?.[n]?.state === 'done'
    const lesson = (n: number) => own.lessons?.[n]?.id ?? ''
    const open = async (n: number) => {
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      await page.goto(`${url}/learn/${own.id}/${lesson(n)}`)
      return page
    }
    for (const [n, { name, kept }] of packages.slice(0, made.length + single.length).entries())
      await step(`${name}: started, left by closing the tab, gone on with, finished`, async () => {
        let page = await open(n)
        assert.match(await said(page), /^ab-initio 画面1( |$)/)
        await press(page, 'on')
        await press(page, 'on')
        assert.match(await said(page), /画面3/)
        await page.close({ runBeforeUnload: false })
        await arrived(staff, own.id, lesson(n), kept ? '"s3;' : 's=3')
        page = await open(n)
        assert.equal(await said(page), `resume 画面3 ${kept ? `保存${kept} 同じ` : 'v=1;s=3'}`)
        await press(page, 'end')
        await eventually(`${name} is done`, () => done(n))
        await page.close()
      })
    for (const [i, { name, kept }] of several.entries())
      await step(`${name}: one after the other, left between, all finished`, async () => {
        const n = made.length + single.length + i
        let page = await open(n)
        assert.match(await said(page, 'Playing'), /^ab-initio 画面1( |$)/)
        await press(page, 'end', 'Playing')
        await page.getByRole('button', { name: '次の項目' }).click()
        assert.match(await said(page, 'Etiquette'), /^ab-initio 画面1( |$)/)
        await press(page, 'on', 'Etiquette')
        await page.close({ runBeforeUnload: false })
        await arrived(staff, own.id, lesson(n), '"s2;')
        page = await open(n)
        assert.equal(await said(page, 'Etiquette'), `resume 画面2 保存${kept} 同じ`)
        await press(page, 'end', 'Etiquette')
        await page.getByRole('button', { name: '次の項目' }).click()
        await press(page, 'end', 'HavingFun')
        await eventually(`${name} is done`, () => done(n))
        await page.close()
      })
    await step('the course is completed with what the packages scored', async () => {
      await eventually('completed', async () => (await enrolmentIn(staff, title)).status === 'completed')
      const { score_percent } = await enrolmentIn(staff, title)
      assert.ok(
        score_percent !== undefined && score_percent >= 80 && score_percent <= 85,
        `score ${score_percent}`,
      )
    })
  } finally {
    await close()
  }
}

await inEmbedded(main)
