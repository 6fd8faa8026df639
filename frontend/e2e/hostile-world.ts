// An organisation in which every name, text and file is hostile, made over the API as its people would make it in the page.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { hostile, hostileNames, hostileStory, kept, unbroken } from './hostile-texts'
import type { Installation } from './installation'

/** How somebody logs in. */
export interface Account {
  code: string
  login: string
  password: string
}

/** What the pages are opened with. */
export interface World {
  accounts: Record<'operator' | 'manager' | 'editor' | 'learner' | 'asked', Account>
  organisation: string
  person: string
  round: string
  course: string
  lessons: string[]
  plan: string
  incident: string
  imports: { unmapped: string; checked: string; wrong: string; applied: string }
  passwordFile: string
  share: string
  learning: { passed: string; open: string; page: string; quiz: string }
  /** Public code of a certificate. */
  certificate: string
  year: number
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field, as a stranger's program reads them
type Answer = any

/** One log-in and its cookies. */
export class Api {
  private readonly cookies = new Map<string, string>()
  constructor(
    private readonly url: string,
    private readonly agent = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0',
  ) {}

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const raw = body instanceof Uint8Array
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        'User-Agent': this.agent,
        'Idempotency-Key': randomUUID(),
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      body: raw ? Buffer.from(body) : body === undefined ? null : JSON.stringify(body),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.cookies.set(name, value)
    }
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 500)}`)
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
  }

  async logIn({ code, login, password }: Account): Promise<void> {
    await this.send('POST', '/session', {
      organisation_code: code,
      login_id: login,
      password,
      remember_device: true,
    })
  }

  /** Replaces a one-time password. */
  async begin(account: Account): Promise<Account> {
    await this.logIn(account)
    const password = `${randomUUID()} むらさき`
    await this.send('PUT', '/session/password', { new_password: password })
    return { ...account, password }
  }
}

const day = (shift: number) => {
  const at = new Date(Date.now() + 9 * 3_600_000 + shift * 86_400_000)
  return at.toISOString().slice(0, 10)
}

async function until(read: () => Promise<Answer>, done: (answer: Answer) => boolean): Promise<Answer> {
  for (let turn = 0; turn < 150; turn++) {
    const answer = await read()
    if (done(answer)) return answer
    await new Promise((next) => setTimeout(next, 200))
  }
  throw new Error('a job did not end within 30 s')
}

/** Fields, departments and people, everybody called by another hostile text. */
async function fillPeople(api: Api) {
  const fields: Answer[] = []
  for (const [kind, name] of [
    ['text', hostile.script],
    ['choice', hostile.image],
    ['text', unbroken(50)],
  ] as const) {
    const choices = [hostile.svg, hostile.entities].map((one) => ({ name: one }))
    fields.push(
      await api.send('POST', '/person-fields', { name, kind, ...(kind === 'choice' && { choices }) }),
    )
  }
  const departments: Answer[] = []
  for (const name of [hostile.image, hostile.attribute, unbroken(100), hostile.bidi])
    departments.push(
      await api.send('POST', '/departments', {
        name,
        ...(departments.length > 0 && { parent_id: departments.at(-1).id }),
      }),
    )
  const people: Answer[] = []
  const names = [...hostileNames.map((one) => hostile[one]), unbroken(100)]
  for (const [n, name] of names.entries()) {
    const made = await api.send('POST', '/people', {
      name,
      name_kana: n % 2 === 0 ? hostile.image : unbroken(100),
      employee_number: `${n}<b onmouseover=x>`,
      employment_kind: 'contract',
      joined_on: '2024-04-01',
      email: `hostile${n}@example.jp`,
      departments: [departments[n % departments.length].id],
      roles: n === 1 ? ['editor'] : [],
      fields: { [fields[0].id]: hostile.script, [fields[1].id]: hostile.svg, [fields[2].id]: unbroken(100) },
    })
    assert.equal(made.person.name, kept(name), 'a name is kept as it was written')
    people.push(made)
  }
  return { fields, departments, people }
}

async function makeCourse(api: Api) {
  const course = await api.send('POST', '/courses', {
    title: hostile.image,
    summary: hostileStory.slice(0, 2000),
    language: 'ja',
    shared: 'none',
  })
  const question = (text: string, n: number) => ({
    id: randomUUID(),
    kind: n === 1 ? 'multiple' : 'single',
    text,
    explanation: hostileStory,
    choices: [hostile.svg, hostile.braces, unbroken(500)].map((one, at) => ({ id: 'abc'[at], text: one })),
    correct: ['a'],
  })
  const bodies: [string, string, object][] = [
    [
      'page',
      hostile.script,
      {
        page: {
          html: `<h2>${'x'.repeat(300)}</h2><p>&lt;script&gt;読む&lt;/script&gt; ${unbroken(500)}</p>`,
        },
      },
    ],
    [
      'quiz',
      unbroken(200),
      {
        quiz: {
          pass_percent: 100,
          show: 'after_submit',
          questions: [hostile.image, hostileStory, unbroken(500)].map(question),
        },
      },
    ],
  ]
  const lessons: string[] = []
  for (const [kind, title, body] of bodies) {
    const made = await api.send('POST', `/courses/${course.id}/lessons`, {
      kind,
      title,
      ...(lessons.length > 0 && { after: lessons.at(-1) }),
    })
    await api.send('PUT', `/lessons/${made.id}`, {
      title,
      body,
      base_version: made.version,
      client_save_id: randomUUID(),
    })
    lessons.push(made.id)
  }
  const now = await api.send('GET', `/courses/${course.id}`)
  await api.send('POST', `/courses/${course.id}/publish`, { base_version: now.content_version })
  return { course: course.id as string, lessons }
}

/** Takes the first enrolment of a learner to its certificate, and leaves a quiz of the second one midway. */
async function learn(api: Api) {
  const { items } = await api.send('GET', '/me/enrolments')
  const ids = items.map((one: Answer) => one.id as string)
  assert.equal(ids.length, 2, 'two rounds')
  for (const [n, enrolment] of ids.entries()) {
    const { lessons } = await api.send('GET', `/me/enrolments/${enrolment}`)
    const [page, quiz] = lessons
    await api.send('GET', `/me/enrolments/${enrolment}/lessons/${page.id}`)
    if (n > 0) continue
    const at = Date.now()
    await api.send('POST', '/me/progress', {
      now: at,
      items: [
        {
          item_id: randomUUID(),
          enrolment,
          lesson: page.id,
          position: 1000,
          furthest: 1000,
          spent: [[at - 9000, at]],
          done: true,
          at,
        },
      ],
    })
    const sheet = await api.send('POST', `/me/enrolments/${enrolment}/lessons/${quiz.id}/attempts`)
    for (const one of sheet.questions)
      await api.send('PUT', `/me/attempts/${sheet.id}/answers/${one.id}`, { answer: ['a'], client_seq: 1 })
    const result = await api.send('POST', `/me/attempts/${sheet.id}/submit`)
    assert.ok(result.passed, 'the course is passed')
  }
  const certificates = await api.send('GET', '/me/certificates')
  const { lessons } = await api.send('GET', `/me/enrolments/${ids[1]}`)
  const [page, quiz] = lessons
  return {
    passed: ids[0],
    open: ids[1],
    page: page.id,
    quiz: quiz.id,
    certificate: certificates.items[0].code as string,
  }
}

const file = (...lines: string[][]) =>
  Buffer.from(
    `\uFEFF${lines.map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`,
  )

async function fillImports(api: Api) {
  const head = ['氏名', '社員番号', '部署', hostile.script, hostile.braces]
  const row = (n: number, name: string) => [name, `i${n}`, hostile.sql, hostile.svg, hostile.format]
  const good = hostileNames.slice(0, 6).map((one, n) => row(n, hostile[one]))
  const read = (id: string) =>
    until(
      () => api.send('GET', `/people/imports/${id}`),
      ({ state }) => !['waiting', 'reading', 'applying'].includes(state),
    )
  const send = async (name: string, data: Buffer) => {
    const made = await api.send('POST', `/people/imports?file_name=${encodeURIComponent(name)}`, data)
    return read(made.id)
  }
  /** Says of every column what was proposed for it. */
  const map = async ({ id, form }: Answer) => {
    const columns = form.columns.map(({ heading, target }: Answer) => ({ heading, target }))
    await api.send('PUT', `/people/imports/${id}/mapping`, { columns, key: form.key })
    return read(id)
  }
  const unmapped = await send(`${hostile.image}.csv`, file(head, ...good))
  const applied = await map(await send(`${hostile.image}.csv`, file(head, ...good)))
  await api.send('POST', `/people/imports/${applied.id}/apply`, { missing: applied.missing })
  assert.equal((await read(applied.id)).state, 'applied')
  const wrong = await send(`${unbroken(200)}.csv`, file(head, ['', hostile.script, unbroken(500), '', '']))
  const names = hostileNames.slice(6, 12).map((one, n) => row(n + 20, hostile[one]))
  const checked = await send(`${hostile.bidi}.csv`, file(head, row(0, hostile.markup), ...names))
  assert.deepEqual([wrong.state, checked.state], ['checked', 'checked'], 'the columns are remembered')
  return {
    unmapped: unmapped.id as string,
    checked: checked.id as string,
    wrong: wrong.id as string,
    applied: applied.id as string,
  }
}

/** Everything else that carries words: incidents, views, tokens, plans, reminders, handover, records. */
async function fillOffice(api: Api, people: Answer[], departments: Answer[], round: string) {
  const incident = await api.send('POST', '/incidents', {
    kind: 'leak',
    title: hostile.image,
    overview: hostileStory,
    cause: hostile.script,
    data_items: unbroken(500),
    measures: hostile.bidi,
    affected: 3,
  })
  await api.send('POST', `/incidents/${incident.id}/notes`, { body: hostileStory })
  await api.send('POST', '/people/suspect-leak', { title: unbroken(200), people: [people[12].person.id] })
  for (const name of [hostile.svg, unbroken(100)]) {
    await api.send('POST', '/report/views', {
      name,
      shared: true,
      view: { columns: ['name', 'status'], filter: { q: hostile.image } },
    })
    await api.send('POST', '/api-tokens', { name, days: 30 })
  }
  const plan = await api.send('POST', '/department-plans', {
    title: hostile.markup,
    effective_on: day(30),
    steps: [{ kind: 'rename', department_id: departments[1].id, name: hostile.braces }],
  })
  for (const language of ['ja', 'en'])
    await api.send('PUT', `/reminders/templates/assigned/${language}`, {
      subject: `${hostile.markup} ${hostile.format}`,
      body: `${hostile.image}\n${hostile.entities}\n${unbroken(500)}`,
    })
  await api.send('POST', '/handovers', { to: people[2].person.id, keep_as_deputy: true, note: unbroken(500) })
  await api.send('POST', '/people/slips', { people: people.slice(4, 9).map((one) => one.person.id) })
  const record = await api.send('POST', `/rounds/${round}/training-records`)
  const year = new Date(Date.now() + 9 * 3_600_000).getFullYear()
  const years = await api.send('GET', '/training-years')
  const current = Number(years.items?.[0]?.year ?? year)
  const yearly = await api.send('POST', `/training-years/${current}/records`)
  await api.send('POST', '/record-links', {
    kind: 'round',
    record: record.id,
    days: 7,
    recipient: hostile.image,
  })
  const link = await api.send('POST', '/record-links', {
    kind: 'year',
    record: yearly.id,
    days: 7,
    recipient: unbroken(200),
  })
  return { incident: incident.id, plan: plan.id, share: new URL(link.address).hash, year: current }
}

/** Makes the whole hostile organisation. */
export async function makeWorld(installation: Installation): Promise<World> {
  const { url, logins } = installation
  const found = logins.find((one) => one.role === 'operator')
  assert.ok(found, 'a log-in for the operator')
  const operator = { code: found.organisation_code, login: found.login_id, password: found.password }
  const association = new Api(url)
  await association.logIn(operator)
  const issued = await association.send('POST', '/organisations', {
    name: hostile.image,
    plan: 'elearning',
    manager: { name: hostile.svg, name_kana: unbroken(100), email: 'manager@example.jp' },
  })
  await association.send('POST', '/organisations', { name: unbroken(200), manager: { name: unbroken(100) } })
  const one = (made: Answer): Account => ({
    code: issued.code,
    login: made.slip.login_id,
    password: made.slip.secret,
  })
  const api = new Api(url)
  const manager = await api.begin({
    code: issued.code,
    login: issued.login_id,
    password: issued.one_time_password,
  })
  await api.send('PUT', '/security-policy', {
    manager_factor: false,
    one_time_days: 14,
    password_files: true,
    sessions_per_account: 10,
    unused_months: 6,
  })
  await new Api(url, `<script>window.x</script> "${unbroken(300)}`).logIn(manager)
  const { departments, people } = await fillPeople(api)
  const editorApi = new Api(url)
  const editor = await editorApi.begin(one(people[1]))
  const { course, lessons } = await makeCourse(editorApi)
  const rounds: string[] = []
  for (const title of [hostile.script, hostile.bidi]) {
    const made = await api.send('POST', '/rounds', {
      title,
      course_id: course,
      starts_on: day(0),
      deadline_on: day(20),
      audience: { everyone: true, future_joiners: true },
    })
    rounds.push(made.id)
  }
  const enrolments = await api.send('GET', `/rounds/${rounds[0]}/enrolments?limit=50`)
  await api.send('POST', `/rounds/${rounds[0]}/enrolments/set-aside`, {
    ids: enrolments.items
      .filter(
        (each: Answer) => each.person?.id === people[5].person.id || each.person_id === people[5].person.id,
      )
      .map((each: Answer) => each.id),
    reason: unbroken(500),
    status: 'exempt',
  })
  const learnerApi = new Api(url)
  const learner = await learnerApi.begin(one(people[0]))
  const { certificate, ...learning } = await learn(learnerApi)
  const asked = await new Api(url).begin(one(people[2]))
  const office = await fillOffice(api, people, departments, rounds[0] ?? '')
  const passwords = await api.send(
    'POST',
    `/people/password-files?file_name=${encodeURIComponent(`${hostile.script}.csv`)}`,
    file(['ログインID', 'パスワード'], [hostile.image, 'password'], ['nobody', unbroken(100)]),
  )
  return {
    accounts: { operator, manager, editor, learner, asked },
    organisation: issued.organisation.id,
    person: people[0].person.id,
    round: rounds[0] ?? '',
    course,
    lessons,
    imports: await fillImports(api),
    passwordFile: passwords.id,
    learning,
    certificate,
    ...office,
  }
}
