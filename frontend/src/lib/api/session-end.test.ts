import { beforeEach, expect, it } from 'vitest'
import { forgetDrafts } from '../forget-drafts'
import { begin, endedUnseen } from './session-end'

beforeEach(() => sessionStorage.clear())

it('knows after a reload that a session ended by itself, and not after a log-out', () => {
  expect(endedUnseen()).toBe(false)
  begin()
  expect(endedUnseen()).toBe(true)
  forgetDrafts('somebody else logs in')
  expect(endedUnseen()).toBe(true)
  forgetDrafts() // as every log-out does
  expect(endedUnseen()).toBe(false)
})
