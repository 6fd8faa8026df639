import { expect, test } from 'vitest'
import { mailFates } from './mail-fates'

const none = { queued: 0, sent: 0, refused: 0, given_up: 0, dropped: 0, no_address: 0, kept: 0 }

test('what makes up the messages that did not arrive is named first', () => {
  expect(mailFates({ ...none, no_address: 4 })).toEqual(['no_address', 'sent'])
  expect(mailFates({ ...none, refused: 1, given_up: 2, kept: 3 })).toEqual([
    'refused',
    'given_up',
    'sent',
    'kept',
  ])
  expect(mailFates(none)).toEqual(['sent'])
})
