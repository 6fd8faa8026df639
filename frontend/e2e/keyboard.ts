// The main job without a mouse: a manager registers a person and starts a round, the person takes the course, passes its test and gets the
// certificate, and the manager sees it. Only keys are pressed; every stop of the Tab key is one that a sighted person would see.
//
//   tsx e2e/keyboard.ts
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { openBrowser } from './browser'
import { Api } from './hostile-world'
import type { Installation, Login } from './installation'
import { inEmbedded, step } from './step'

const own = 'あさつゆの鍵盤をたどる十本の指'

/** A published course of a page and a test whose right answers are known. */
async function makeCourse(i: Installation, editor: Login): Promise<void> {
  const api = new Api(i.url)
  await api.logIn({ code: editor.organisation_code, login: editor.login_id, password: editor.password })
  const course = await api.send('POST', '/courses', {
    title: '鍵盤だけで学ぶ',
    summary: '席を離れるときの決まり。',
    language: 'ja',
    shared: 'none',
  })
  const questions = [1, 2].map((n) => ({
    id: randomUUID(),
    kind: 'single',
    text: `${n}番目に正しいのはどれですか。`,
    choices: ['まちがい', '正しい答え', 'ちがう答え'].map((text, at) => ({ id: 'abc'[at], text })),
    correct: ['b'],
  }))
  const bodies: [string, string, object][] = [
    ['page', '読みもの', { page: { html: '<p>席を離れるときは画面を閉じます。</p>' } }],
    ['quiz', '確かめる', { quiz: { pass_percent: 100, show: 'after_submit', questions } }],
  ]
  let after: string | undefined
  for (const [kind, title, body] of bodies) {
    const made = await api.send('POST', `/courses/${course.id}/lessons`, {
      kind,
      title,
      ...(after && { after }),
    })
    await api.send('PUT', `/lessons/${made.id}`, {
      title,
      body,
      base_version: made.version,
      client_save_id: randomUUID(),
    })
    after = made.id
  }
  const now = await api.send('GET', `/courses/${course.id}`)
  await api.send('POST', `/courses/${course.id}/publish`, { base_version: now.content_version })
}

/** Somebody who has no mouse. */
class Hands {
  private constructor(
    readonly page: Page,
    private readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async at(url: string): Promise<Hands> {
    const { context, close } = await openBrowser({ viewport: { width: 1280, height: 800 } })
    const page = context.pages()[0] ?? (await context.newPage())
    await page.addInitScript('globalThis.__name = (one) => one') // tsx names functions with a helper that the page does not have
    page.setDefaultTimeout(20_000)
    return new Hands(page, url, close)
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path)
    await this.page.locator('h1').first().waitFor()
    await this.page.waitForLoadState('networkidle')
  }

  /** Presses Tab until what a screen reader would call so has the focus. */
  async reach(name: string | RegExp): Promise<void> {
    const visited: string[] = []
    for (let presses = 0; presses < 150; presses++) {
      const found = await this.focused()
      if (typeof name === 'string' ? found === name : name.test(found)) return
      visited.push(found)
      await this.page.keyboard.press('Tab')
    }
    throw new Error(
      `${name} is not reached by the Tab key on ${this.page.url()}; visited: ${visited.join(' · ')}`,
    )
  }

  /** The name of what has the focus: its label, or its words. */
  private focused(): Promise<string> {
    return this.page.evaluate(() => {
      const one = document.activeElement
      if (!one?.matches('a, button, input, select, textarea, summary, [role]')) return ''
      const by = (one.getAttribute('aria-labelledby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
      const labels = [...((one as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join(' ')
      const name = one.getAttribute('aria-label') || by.trim() || labels || one.textContent || ''
      return name.replaceAll(/\s+/g, ' ').replace(/ \*$/, '').trim()
    })
  }

  async press(name: string | RegExp, key = 'Enter'): Promise<void> {
    await this.reach(name)
    await this.page.keyboard.press(key)
  }

  async write(name: string | RegExp, text: string): Promise<void> {
    await this.reach(name)
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.insertText(text)
  }

  sees(words: string | RegExp): Promise<void> {
    return this.page.getByText(words).first().waitFor()
  }

  async logIn(code: string, id: string, password: string): Promise<void> {
    await this.open('/login')
    await this.write(/^会社コード/, code)
    await this.write(/^ログインID/, id)
    await this.write(/^パスワード/, password)
    await this.page.keyboard.press('Enter')
  }
}

async function register(hands: Hands): Promise<{ code: string; id: string; password: string }> {
  await hands.open('/people/new')
  await hands.write(/^氏名/, '鍵谷 盤子')
  await hands.press('登録する')
  await hands.sees('鍵谷 盤子さんを登録しました')
  const { page } = hands
  const value = async (term: string) =>
    (await page.locator(`dt:has-text("${term}") + dd`).first().innerText()).split('\n')[0]?.trim() ?? ''
  const secret = page.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).first()
  return {
    code: await value('会社コード'),
    id: await value('ログインID'),
    password: await secret.innerText(),
  }
}

async function startRound(hands: Hands): Promise<void> {
  await hands.open('/rounds/new')
  await hands.press(/^鍵盤だけで学ぶ/, 'Space')
  await hands.press('次へ進む')
  await hands.sees(/\d+人/)
  await hands.press('次へ進む')
  await hands.press('次へ進む')
  await hands.press('実施回を始める')
  await hands.sees(/実施回を作りました/)
}

async function takeCourse(hands: Hands): Promise<void> {
  const { page } = hands
  await hands.write(/^新しいパスワード$/, own)
  await hands.write(/^新しいパスワード（もう一度）/, own)
  await hands.press('このパスワードにする')
  await page.getByRole('heading', { name: /さんの研修/ }).waitFor()
  await page.waitForLoadState('networkidle')
  await hands.press(/鍵盤だけで学ぶ/)
  await page.waitForURL(/\/learn\/[^/]+$/)
  await hands.press('受講を始める')
  await hands.sees('席を離れるときは画面を閉じます。')
  await hands.press('最後まで読みました')
  await hands.sees('読み終えました')
  await hands.press(/^次へ/)
  await hands.press('テストを始める')
  for (const n of [1, 2]) {
    await hands.sees(`問${n} / 全2問`)
    await hands.reach(/まちがい|ちがう答え|正しい答え/) // the group has one stop; the arrows go on inside
    for (let turn = 0; turn < 4; turn++) {
      await page.keyboard.press('ArrowDown')
      if (await page.getByLabel('正しい答え').isChecked()) break
    }
    assert.ok(await page.getByLabel('正しい答え').isChecked(), 'the arrows choose the answer')
    await hands.press(n < 2 ? '次の問題' : '提出へ進む')
  }
  await hands.sees('すべての問題に答えました。')
  await hands.press('提出する')
  await hands.sees('合格しました')
  await hands.press('修了へ進む')
  await hands.sees(/修了しました/)
  const saving = page.waitForEvent('download')
  await hands.press('修了証をダウンロードする')
  assert.match((await saving).suggestedFilename(), /\.pdf$/)
}

await inEmbedded(async (i) => {
  const login = (role: string): Login => {
    const found = i.logins.find((one) => one.role === role)
    assert.ok(found, `the demonstration has a log-in for ${role}`)
    return found
  }
  await makeCourse(i, login('editor'))
  const boss = login('manager')
  const manager = await Hands.at(i.url)
  const slip = await step('the manager logs in and registers a person by keys alone', async () => {
    await manager.logIn(boss.organisation_code, boss.login_id, boss.password)
    await manager.page.getByRole('heading', { level: 1 }).first().waitFor()
    await manager.page.waitForURL((url) => !url.pathname.startsWith('/login'))
    return register(manager)
  })
  await step('and starts a round', () => startRound(manager))
  const learner = await Hands.at(i.url)
  await step('the person takes the course, passes and saves the certificate', async () => {
    await learner.logIn(slip.code, slip.id, slip.password)
    await takeCourse(learner)
  })
  await learner.close()
  await step('the manager finds the completion and issues the record', async () => {
    await manager.open('/rounds')
    await manager.press(/鍵盤だけで学ぶ$/)
    await manager.sees(/人修了/)
    await manager.reach('本文へ移動する') // past the menu, which has a link of the same name
    await manager.page.keyboard.press('Enter')
    await manager.press('教育実施記録')
    await manager.sees('鍵谷 盤子')
    const saving = manager.page.waitForEvent('download')
    await manager.press('PDFで発行する')
    assert.match((await saving).suggestedFilename(), /\.pdf$/)
  })
  await manager.close()
})
