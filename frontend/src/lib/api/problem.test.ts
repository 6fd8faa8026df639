import { describe, expect, it } from 'vitest'
import { formPath } from '../problem-text'
import { take } from './client'
import { asProblem, isTemporary, ProblemError, problemOf } from './problem'

describe('problemOf', () => {
  it('keeps what the server says', () => {
    const body = { status: 422, title: 'x', key: 'invalid', fields: [{ path: 'a', key: 'required' }] }
    expect(problemOf(422, body, new Headers({ 'X-Request-Id': 'r1' }))).toEqual({ ...body, request_id: 'r1' })
  })
  it.each([
    [502, 'unavailable'],
    [429, 'limited'],
    [413, 'too_large'],
    [404, 'not_found'],
    [500, 'internal'],
  ])('names %d of something in between', (status, key) => expect(problemOf(status, '<html>').key).toBe(key))
})

describe('take', () => {
  it('gives the data', async () => {
    expect(await take(Promise.resolve({ data: 1, response: new Response() }))).toBe(1)
  })
  it('throws the problem', async () => {
    const answer = { error: { status: 409, key: 'conflict' }, response: new Response(null, { status: 409 }) }
    await expect(take(Promise.resolve(answer))).rejects.toMatchObject({
      problem: { key: 'conflict', status: 409 },
    })
  })
  it('calls a lost connection by its name', async () => {
    await expect(take(Promise.reject(new TypeError('Failed to fetch')))).rejects.toMatchObject({
      problem: { key: 'network' },
    })
  })
  it('lets an abort through', async () => {
    await expect(take(Promise.reject(new DOMException('x', 'AbortError')))).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

describe('asProblem and isTemporary', () => {
  it('tells faults from refusals', () => {
    expect(isTemporary(asProblem(new ProblemError({ status: 503, title: '', key: 'unavailable' })))).toBe(
      true,
    )
    expect(isTemporary(asProblem(new ProblemError({ status: 404, title: '', key: 'not_found' })))).toBe(false)
    expect(asProblem(new Error('bug')).key).toBe('page')
  })
})

describe('formPath', () => {
  it.each([
    ['login_id', 'login_id'],
    ['body.login_id', 'login_id'],
    ['questions[3].choices[0]', 'questions.3.choices.0'],
  ])('%s', (path, expected) => expect(formPath(path)).toBe(expected))
})
