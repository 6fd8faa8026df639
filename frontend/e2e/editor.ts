// The editor of pages in a real browser, where jsdom lays nothing out and moves no caret.
//
//   tsx e2e/editor.ts embedded
import { strict as assert } from 'node:assert'
import { openBrowser } from './browser'
import type { Installation } from './installation'
import { openCourse } from './package-steps'
import { inEmbedded, step } from './step'

async function main(installation: Installation) {
  const { url } = installation
  const { context, close } = await openBrowser()
  try {
    const { editor, page, course } = await openCourse(context, installation, '編集の試し')
    const lesson = await editor.call<{ id: string }>('POST', `/courses/${course.id}/lessons`, {
      kind: 'page',
      title: 'ページ',
    })
    await page.goto(`${url}/courses/${course.id}?lesson=${lesson.id}`)
    const sheet = page.locator('.ProseMirror')
    await sheet.click()

    await step('furigana is one piece for the keys, and can be taken off again', async () => {
      await page.keyboard.type('個人情報を守る')
      for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowLeft')
      for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight')
      await page.getByRole('button', { name: 'ふりがな' }).click()
      await page.getByLabel('読み').fill('こじんじょうほう')
      await page.getByRole('button', { name: 'ふりがなを付ける' }).click()
      await sheet.locator('rt', { hasText: 'こじんじょうほう' }).waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await sheet.focus()
      await page.keyboard.press('End')
      await page.keyboard.type('。')
      await sheet.getByText('を守る。').waitFor()
      await sheet.locator('ruby').click()
      await page.getByRole('button', { name: 'ふりがな' }).click()
      await page.getByRole('button', { name: 'ふりがなを外す' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal(await sheet.innerText(), '個人情報を守る。')
    })

    await step('no button moves, whatever is said of saving', async () => {
      await page.getByText('保存しました').first().waitFor()
      const places = () =>
        page
          .locator('article button')
          .filter({ hasNotText: 'もう一度保存する' })
          .evaluateAll((all) =>
            all.map((one) => {
              const { x, y } = one.getBoundingClientRect()
              return `${one.textContent} ${x} ${y + scrollY}`
            }),
          )
      for (const width of [1440, 360]) {
        await page.setViewportSize({ width, height: 900 })
        await context.setOffline(true)
        await sheet.click()
        await page.keyboard.type('切れた')
        const retry = page.getByRole('button', { name: 'もう一度保存する' })
        await retry.waitFor()
        const told = await places()
        await context.setOffline(false)
        await retry.waitFor({ state: 'detached' })
        await page.getByText('保存しました').first().waitFor()
        assert.deepEqual(told, await places(), `${width} pixels wide`)
      }
    })
  } finally {
    await close()
  }
}

await inEmbedded(main)
