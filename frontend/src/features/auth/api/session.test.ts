import { afterEach, expect, test, vi } from 'vitest'
import { draftPrefix } from '@/lib/forget-drafts'

afterEach(() => vi.unstubAllGlobals())

test.each([
  [204, null],
  [503, '正しい答え'],
])(
  'who logs out everywhere leaves nothing of what they were writing on this device, if it was done (%i)',
  async (status, left) => {
    localStorage.setItem(`${draftPrefix}question.ume.new`, '正しい答え')
    vi.stubGlobal('fetch', async () => new Response(null, { status }))
    vi.resetModules() // fetch is taken when the client is made
    vi.stubGlobal(
      'Request',
      class extends Request {
        constructor(path: string, init?: RequestInit) {
          super(new URL(path, 'http://test'), init)
        }
      },
    )
    const { signOutEverywhere } = await import('./session')
    await signOutEverywhere().catch(() => undefined)
    expect(localStorage.getItem(`${draftPrefix}question.ume.new`)).toBe(left)
  },
)
