// Every page of the product, and who opens it: what the hostile run and the accessibility run walk through.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { hostile, unbroken } from './hostile-texts'
import type { Account, World } from './hostile-world'

type Who = keyof World['accounts'] | 'nobody'

/** A page as somebody opens it, and texts that must stand on it as they were written. */
export interface Visit {
  who: Who
  route: string
  at?: string
  shows?: string[]
}

export function visits(w: World): Visit[] {
  const { image, script, svg, markup, entities, braces, bidi, zeroWidth } = hostile
  const [lesson, quiz] = w.lessons
  const search = encodeURIComponent(script)
  return [
    { who: 'nobody', route: '/login', at: `/login?code=${encodeURIComponent('"><img src=x>')}` },
    { who: 'nobody', route: '/accessibility' },
    { who: 'nobody', route: '/verify' },
    { who: 'nobody', route: '/verify/$code', at: `/verify/${w.certificate}`, shows: [image] },
    {
      who: 'nobody',
      route: '/shared-record',
      at: `/shared-record${w.share}`,
      shows: [unbroken(200), image, script],
    },
    { who: 'operator', route: '/organisations', shows: [image, svg, unbroken(200)] },
    { who: 'operator', route: '/organisations/new' },
    {
      who: 'operator',
      route: '/organisations/$organisationId',
      at: `/organisations/${w.organisation}`,
      shows: [image, svg],
    },
    { who: 'operator', route: '/operation' },
    { who: 'manager', route: '/' },
    { who: 'manager', route: '/dashboard', shows: [script] },
    {
      who: 'manager',
      route: '/report',
      at: '/report?column=["name","login_id","departments","round","course","status"]',
      shows: [script, image],
    },
    { who: 'manager', route: '/report', at: `/report?form=matrix&q=${search}`, shows: [script] },
    { who: 'manager', route: '/rounds', shows: [script] },
    { who: 'manager', route: '/rounds/new' },
    {
      who: 'manager',
      route: '/rounds/$roundId',
      at: `/rounds/${w.round}`,
      shows: [script, image, unbroken(100)],
    },
    {
      who: 'manager',
      route: '/rounds/$roundId/record',
      at: `/rounds/${w.round}/record`,
      shows: [script, image],
    },
    { who: 'manager', route: '/rounds/$roundId/reminders', at: `/rounds/${w.round}/reminders` },
    { who: 'manager', route: '/rounds/$roundId/surveys', at: `/rounds/${w.round}/surveys` },
    { who: 'manager', route: '/catalogue', shows: [image] },
    {
      who: 'manager',
      route: '/catalogue/$courseId',
      at: `/catalogue/${w.course}`,
      shows: [image, script, unbroken(200)],
    },
    { who: 'manager', route: '/records', shows: [script, unbroken(200)] },
    { who: 'manager', route: '/handover', shows: [unbroken(500)] },
    { who: 'manager', route: '/mail', shows: [image] },
    { who: 'manager', route: '/settings/reminders' },
    { who: 'manager', route: '/settings/reminders', at: '/settings/reminders?tab=words' },
    { who: 'manager', route: '/settings/reminders', at: '/settings/reminders?tab=forecast' },
    { who: 'manager', route: '/settings/fields', shows: [script, image, unbroken(50)] },
    { who: 'manager', route: '/settings/security' },
    { who: 'manager', route: '/settings/certificates' },
    { who: 'manager', route: '/people', shows: [image, script] },
    { who: 'manager', route: '/people', at: `/people?q=${search}`, shows: [script] },
    { who: 'manager', route: '/people/new' },
    { who: 'manager', route: '/people/$personId', at: `/people/${w.person}`, shows: [image, script, svg] },
    {
      who: 'manager',
      route: '/people/$personId/edit',
      at: `/people/${w.person}/edit`,
      shows: [image, script],
    },
    { who: 'manager', route: '/people/import' },
    {
      who: 'manager',
      route: '/people/import',
      at: `/people/import?id=${w.imports.unmapped}`,
      shows: [braces],
    },
    {
      who: 'manager',
      route: '/people/import',
      at: `/people/import?id=${w.imports.checked}`,
      shows: [bidi, zeroWidth],
    },
    {
      who: 'manager',
      route: '/people/import',
      at: `/people/import?id=${w.imports.wrong}`,
      shows: [unbroken(200)],
    },
    { who: 'manager', route: '/people/import', at: `/people/import?id=${w.imports.applied}`, shows: [image] },
    { who: 'manager', route: '/people/imports', shows: [image, unbroken(200)] },
    { who: 'manager', route: '/people/imports/automatic', shows: [svg, unbroken(100)] },
    { who: 'manager', route: '/people/concern' },
    { who: 'manager', route: '/people/concern', at: '/people/concern?kind=never_used' },
    { who: 'manager', route: '/people/slips' },
    {
      who: 'manager',
      route: '/people/passwords',
      at: `/people/passwords?id=${w.passwordFile}`,
      shows: [script],
    },
    { who: 'manager', route: '/incidents', shows: [image, unbroken(200)] },
    {
      who: 'manager',
      route: '/incidents/$incidentId',
      at: `/incidents/${w.incident}`,
      shows: [image, script, markup, unbroken(500)],
    },
    { who: 'manager', route: '/departments', shows: [image] },
    { who: 'manager', route: '/departments/plans/new' },
    {
      who: 'manager',
      route: '/departments/plans/$planId',
      at: `/departments/plans/${w.plan}`,
      shows: [markup, braces],
    },
    { who: 'manager', route: '/audit', shows: [image] },
    { who: 'manager', route: '/account', shows: [svg] },
    { who: 'editor', route: '/courses', shows: [image] },
    {
      who: 'editor',
      route: '/courses/$courseId',
      at: `/courses/${w.course}`,
      shows: [image, script, unbroken(200)],
    },
    {
      who: 'editor',
      route: '/courses/$courseId',
      at: `/courses/${w.course}?lesson=${lesson}`,
      shows: [script],
    },
    {
      who: 'editor',
      route: '/courses/$courseId',
      at: `/courses/${w.course}?lesson=${quiz}`,
      shows: [braces, entities],
    },
    { who: 'editor', route: '/courses/import' },
    { who: 'editor', route: '/media' },
    { who: 'editor', route: '/questions' },
    { who: 'editor', route: '/questions/import' },
    { who: 'learner', route: '/learn', shows: [image] },
    {
      who: 'learner',
      route: '/learn/$enrolment',
      at: `/learn/${w.learning.passed}`,
      shows: [image, script, unbroken(200)],
    },
    {
      who: 'learner',
      route: '/learn/$enrolment/$lesson',
      at: `/learn/${w.learning.open}/${w.learning.page}`,
      shows: [script],
    },
    {
      who: 'learner',
      route: '/learn/$enrolment/$lesson',
      at: `/learn/${w.learning.passed}/${w.learning.quiz}`,
    },
    { who: 'learner', route: '/notes' },
    { who: 'learner', route: '/certificates', shows: [image] },
    { who: 'asked', route: '/handover', shows: [unbroken(500)] },
    { who: 'asked', route: '/learn', shows: [image] },
  ]
}

async function logIn(context: BrowserContext, url: string, account: Account): Promise<void> {
  const { code, login, password } = account
  const answer = await context.request.post(`${url}/api/v1/session`, {
    data: { organisation_code: code, login_id: login, password, remember_device: false },
  })
  assert.ok(answer.ok(), `log-in: ${answer.status()} ${await answer.text()}`)
}

export async function open(page: Page, at: string): Promise<void> {
  await page.goto(at)
  await page.locator('h1').first().waitFor({ timeout: 10_000 })
  await page.waitForLoadState('networkidle')
}

/** Logs in for each visit as who makes it, and has it made. KENSHU_TEST_ONLY names beginnings of addresses, while a page is mended. */
export async function eachVisit(
  page: Page,
  url: string,
  world: World,
  make: (visit: Visit, at: string) => Promise<void>,
): Promise<void> {
  const only = process.env.KENSHU_TEST_ONLY?.split(',')
  let who: Who | undefined
  for (const visit of visits(world)) {
    const at = visit.at ?? visit.route
    if (only && !only.some((begin) => at.startsWith(begin))) continue
    if (visit.who !== who) {
      who = visit.who
      await page.goto('about:blank') // what the page before keeps sending is not the next person's
      await page.context().clearCookies()
      if (who !== 'nobody') await logIn(page.context(), url, world.accounts[who])
    }
    await make(visit, at)
  }
}

/** Every page of the page's own table is among the visits: a new page cannot be forgotten. */
export function assertComplete(list: Visit[]): void {
  const table = readFileSync(join(import.meta.dirname, '../src/app/routes.tsx'), 'utf8')
  const paths = [...table.matchAll(/(?:\bpath: |departmentPlan\(|verify\()'(\/[^']*)'/g)].map(
    ([, path]) => path,
  )
  const visited = new Set(list.map(({ route }) => route))
  assert.ok(paths.length > 40, 'the routes are read')
  assert.deepEqual(
    [...new Set(paths)].filter((path) => !visited.has(path ?? '')).sort(),
    [],
    'pages not looked at',
  )
}
