import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findLinks } from '@/lib/assets'
import { linked } from './linked'

vi.mock('@/lib/assets', () => ({ findLinks: vi.fn() }))
const asked = vi.mocked(findLinks)

beforeEach(() => {
  vi.useFakeTimers()
  asked.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})
const link = (url: string) => ({ file: { url } }) as unknown as Awaited<ReturnType<typeof findLinks>>
const picture = () => {
  const image = document.createElement('img')
  linked(image, 'file', ({ url }) => image.setAttribute('src', url))
  return image
}
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('a picture whose link became too old gets a fresh one', async () => {
  asked.mockResolvedValueOnce(link('/old')).mockResolvedValueOnce(link('/fresh'))
  const image = picture()
  await settle()
  image.dispatchEvent(new Event('load'))
  image.dispatchEvent(new Event('error'))
  await settle(2000)
  expect(image.getAttribute('src')).toBe('/fresh')
})

test('without a network it is tried again, and not for ever', async () => {
  asked.mockRejectedValue(new TypeError('Failed to fetch'))
  picture()
  await settle(10 * 60_000)
  expect(asked).toHaveBeenCalledTimes(4)
})
