import { render } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { RichText } from './RichText'

const id = '0199f3a2-0000-7000-8000-000000000001'
const html = `<p>文</p><img data-asset="${id}" alt="書庫">`

test('a picture whose link is too old says so, and takes a fresh one where it stands', () => {
  const broken = vi.fn()
  const shown = (url: string, round: number) => (
    <RichText html={html} files={{ [id]: { url } }} round={round} onBroken={broken} />
  )
  const { container, rerender } = render(shown('/old', 0))
  const img = container.querySelector('img')
  img?.dispatchEvent(new Event('error'))
  expect(broken).toHaveBeenCalledOnce()
  rerender(shown('/fresh', 1))
  expect(container.querySelector('img')).toBe(img) // the text was not drawn anew
  expect(img?.getAttribute('src')).toBe('/fresh')
})

test('a file that comes later is drawn when it is there', () => {
  const { container, rerender } = render(<RichText html={html} files={{}} />)
  expect(container.querySelector('img')).toBeNull()
  rerender(<RichText html={html} files={{ [id]: { url: '/there' } }} />)
  expect(container.querySelector('img')?.getAttribute('src')).toBe('/there')
})
