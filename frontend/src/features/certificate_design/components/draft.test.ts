import { describe, expect, it } from 'vitest'
import type { Design } from '../api/design'
import { draftOf, inputOf, pictureOf } from './draft'

const words = { title: '修了証', body: '修了したことを証します。', post: '', signatory: '', note: '' }
const design: Design = {
  number: 3,
  words: { ja: words, en: words },
  colour: '#165a7e',
  frame: 'double',
  show_score: true,
  show_round: false,
  logo: true,
  seal: false,
}

describe('a design being edited', () => {
  it('keeps the pictures it has and shows them where they are', () => {
    const draft = draftOf(design)
    expect(draft.logo).toEqual({
      change: 'keep',
      shown: '/api/v1/certificate-design/images/logo?of=3',
    })
    expect(draft.seal.shown).toBeUndefined()
  })

  it('sends what the server takes and nothing of the browser', async () => {
    const draft = draftOf(design)
    draft.seal = await pictureOf(new File([new Uint8Array([1, 2, 3])], 'seal.png', { type: 'image/png' }))
    const input = inputOf(draft)
    expect(input.logo).toEqual({ change: 'keep' })
    expect(input.seal).toEqual({ change: 'set', data: 'AQID' })
    expect(input.number).toBe(3)
  })
})
