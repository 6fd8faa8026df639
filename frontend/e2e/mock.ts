// Answers the session calls without a server, for looking at the shell alone. Everything else answers as a server
// that does not know the path.
import type { BrowserContext, Route } from 'playwright-core'

const manager = {
  person: { id: '0198c0de-0000-7000-8000-000000000001', name: '髙橋 恵子' },
  organisation: { name: '社会福祉法人ひだまりの里 訪問介護事業所', code: 'HDM-7Q4K', kind: 'member' },
  roles: ['manager', 'staff'],
  permissions: ['session:own', 'learning:own', 'person:read', 'person:write', 'round:read', 'report:read'],
  must_change_password: false,
  must_enrol: false,
  mode: 'demo',
  content_origin: 'http://127.0.0.1:8081',
}

const sessions: Record<string, object | null> = {
  anonymous: null,
  manager,
  first: { ...manager, must_change_password: true },
}

function problem(route: Route, status: number, body: object) {
  return route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status, title: '', request_id: '0198c0de-req', ...body }),
  })
}

/** `who` is anonymous, manager or first (a one-time password in use). */
export async function mockApi(context: BrowserContext, who: string): Promise<void> {
  let session = sessions[who] ?? null
  await context.route('**/api/v1/**', (route) => {
    const method = route.request().method()
    const path = new URL(route.request().url()).pathname
    if (path === '/api/v1/session' && method === 'GET') {
      return session ? route.fulfill({ json: session }) : problem(route, 401, { key: 'no_session' })
    }
    if (path === '/api/v1/session' && method === 'POST') {
      const { password } = route.request().postDataJSON()
      if (password === 'limited') return problem(route, 429, { key: 'limited', args: { retry_after: 30 } })
      if (password === 'wrong') return problem(route, 401, { key: 'login_failed' })
      session = manager
      return route.fulfill({ json: { session, factors: [] } })
    }
    if (path === '/api/v1/session' && method === 'DELETE') {
      session = null
      return route.fulfill({ status: 204 })
    }
    if (path === '/api/v1/session/password-check') {
      const { password } = route.request().postDataJSON()
      const reasons = password.length < 15 ? [{ key: 'password_short', args: { min: 15 } }] : []
      return route.fulfill({ json: { reasons } })
    }
    if (path === '/api/v1/session/password') return route.fulfill({ status: 204 })
    return problem(route, 404, { key: 'not_found' })
  })
}
