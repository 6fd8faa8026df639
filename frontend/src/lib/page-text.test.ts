import { afterEach, expect, test, vi } from 'vitest'
import { drawPage, filesIn } from './page-text'

const [film, words] = ['0199f3a2-0000-7000-8000-000000000001', '0199f3a2-0000-7000-8000-000000000002']
const box = { note: 'ポイント', warning: '注意' }
const drawn = (html: string, files: Parameters<typeof drawPage>[1] = {}) => {
  const made = document.createElement('div')
  made.append(...drawPage(html, files, box).nodes)
  return made
}
afterEach(() => vi.unstubAllGlobals())

test('only what a page may contain is drawn, and nothing that runs', () => {
  const made = drawn(
    '<h2 id="app" onclick="x()">題</h2><script>alert(1)</script><iframe srcdoc="x"></iframe><div><p class="x">文</p></div><a href="javascript:alert(1)">a</a><img src="/x" alt="図"><object data="x"></object>',
  )
  expect(made.innerHTML).toBe('<h2>題</h2>alert(1)<p>文</p><a>a</a>図')
})

test('a picture is fetched in the size that the screen needs', () => {
  const img = drawn(`<img data-asset="${film}" alt="書庫">`, {
    [film]: { url: '/full', width: 4000, height: 3000, sizes: [{ url: '/small', width: 640 }] },
  }).querySelector('img')
  expect(img?.getAttribute('srcset')).toBe('/small 640w, /full 4000w')
  expect(img?.alt).toBe('書庫')
  expect(img?.width).toBe(4000)
})

test('a film within the text has controls, its title and its captions', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response('WEBVTT\n')),
  )
  const html = `<figure data-media="video" data-asset="${film}" data-captions="${words}"><figcaption>手の洗い方</figcaption></figure>`
  expect(filesIn(html)).toEqual([film, words])
  const made = drawn(html, { [film]: { url: '/film', poster: '/poster' }, [words]: { url: '/words' } })
  const video = made.querySelector('video')
  expect(video?.controls).toBe(true)
  expect(video?.getAttribute('aria-label')).toBe('手の洗い方')
  expect(made.querySelector('figcaption')?.textContent).toBe('手の洗い方')
  await vi.waitFor(() => expect(video?.querySelector('track')).not.toBeNull())
})

test('what has no file keeps its words', () => {
  const made = drawn(
    `<figure data-media="video" data-asset="${film}"><figcaption>手の洗い方</figcaption></figure><img data-asset="${film}" alt="書庫">`,
  )
  expect(made.textContent).toBe('手の洗い方書庫')
  expect(made.querySelector('video, img')).toBeNull()
})

test('boxes are named, and are no landmarks', () => {
  const made = drawn('<aside data-kind="warning"><p>外へ</p></aside><aside data-kind="x"><p>要点</p></aside>')
  expect(
    Array.from(made.children, (one) => [one.getAttribute('role'), one.getAttribute('aria-label')]),
  ).toEqual([
    ['note', '注意'],
    ['note', 'ポイント'],
  ])
})

test('fresh links go to what could not be fetched; what is there already is left alone', () => {
  const [there, other] = ['0199f3a2-0000-7000-8000-000000000003', '0199f3a2-0000-7000-8000-000000000004']
  const html = `<img data-asset="${film}" alt="書庫"><img data-asset="${there}" alt="鍵"><figure data-media="pdf" data-asset="${other}"><figcaption>手引き</figcaption></figure>`
  const links = (at: string) =>
    Object.fromEntries([film, there, other].map((id) => [id, { url: `/${id}?${at}` }]))
  const { nodes, renew } = drawPage(html, links('old'), box)
  const made = document.createElement('div')
  made.append(...nodes)
  const [broken, shown] = Array.from(made.querySelectorAll('img'))
  for (const img of [broken, shown]) Object.defineProperty(img, 'complete', { value: true })
  broken?.dispatchEvent(new Event('error'))
  renew(links('fresh'))
  expect(broken?.getAttribute('src')).toBe(`/${film}?fresh`)
  expect(shown?.getAttribute('src')).toBe(`/${there}?old`)
  expect(made.querySelector('a')?.getAttribute('href')).toBe(`/${other}?fresh`)
})

test('a film whose link was too old goes on where it stood', () => {
  const html = `<figure data-media="video" data-asset="${film}"><figcaption>手の洗い方</figcaption></figure>`
  const { nodes, renew } = drawPage(html, { [film]: { url: '/film?old' } }, box)
  const made = document.createElement('div')
  made.append(...nodes)
  const video = made.querySelector('video') as HTMLVideoElement
  renew({ [film]: { url: '/film?fresh' } })
  expect(video.getAttribute('src')).toBe('/film?old') // nothing is wrong with it
  Object.defineProperty(video, 'error', { value: { code: 2 } })
  Object.defineProperty(video, 'paused', { value: false })
  const play = vi.spyOn(video, 'play').mockResolvedValue()
  video.currentTime = 42
  video.dispatchEvent(new Event('error'))
  renew({ [film]: { url: '/film?fresh' } })
  expect(video.getAttribute('src')).toBe('/film?fresh')
  video.currentTime = 0
  video.dispatchEvent(new Event('loadedmetadata'))
  expect(video.currentTime).toBe(42)
  expect(play).toHaveBeenCalledOnce()
})
