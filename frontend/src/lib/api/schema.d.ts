/**
 * The shape of the API as openapi-typescript writes it. `npm run api` replaces this file from server/api/openapi.json;
 * until that document exists the session calls are declared here by hand.
 */
export interface paths {
  '/api/v1/session': {
    get: operations['session-find']
    post: operations['session-create']
    delete: operations['session-delete']
  }
  '/api/v1/session/password': { put: operations['session-password-update'] }
  '/api/v1/session/password-check': { post: operations['session-password-check'] }
}

export interface components {
  schemas: {
    SessionBody: {
      person: { id: string; name: string }
      organisation: { id: string; name: string; code: string; kind: 'association' | 'organisation' }
      roles: string[] | null
      permissions: string[] | null
      must_change_password: boolean
      mode: 'demo' | 'development' | 'production'
      content_origin: string
      idle_seconds: number
    }
    SessionCreate: {
      organisation_code: string
      login_id: string
      password: string
      remember_device?: boolean
    }
    PasswordUpdate: { current_password?: string; new_password: string }
    PasswordCheck: { password: string }
    Reason: { key: string; args?: Record<string, unknown> }
    PasswordReasons: { reasons: components['schemas']['Reason'][] | null }
    Problem: {
      status: number
      title: string
      detail?: string
      key: string
      args?: Record<string, unknown>
      fields?: { path: string; key: string; args?: Record<string, unknown> }[]
      request_id?: string
    }
  }
}

type ProblemResponse = {
  default: { content: { 'application/problem+json': components['schemas']['Problem'] } }
}
type SessionResponse = { 200: { content: { 'application/json': components['schemas']['SessionBody'] } } }
type Done = { 204: { content?: never } }

export interface operations {
  'session-find': { responses: SessionResponse & ProblemResponse }
  'session-create': {
    requestBody: { content: { 'application/json': components['schemas']['SessionCreate'] } }
    responses: SessionResponse & ProblemResponse
  }
  'session-delete': { responses: Done & ProblemResponse }
  'session-password-update': {
    requestBody: { content: { 'application/json': components['schemas']['PasswordUpdate'] } }
    responses: Done & ProblemResponse
  }
  'session-password-check': {
    requestBody: { content: { 'application/json': components['schemas']['PasswordCheck'] } }
    responses: {
      200: { content: { 'application/json': components['schemas']['PasswordReasons'] } }
    } & ProblemResponse
  }
}
