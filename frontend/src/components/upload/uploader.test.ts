import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProblemError } from '@/lib/api/problem'
import {
  type Asset,
  completeUpload,
  createAsset,
  deleteAsset,
  findUpload,
  partLinks,
  type Upload,
} from '@/lib/assets'
import { Uploader, type UploadState } from './uploader'

vi.mock('@/lib/assets', () => ({
  createAsset: vi.fn(),
  findUpload: vi.fn(),
  partLinks: vi.fn(),
  completeUpload: vi.fn(),
  deleteAsset: vi.fn(),
}))

let network = true
let store = true
let sent: string[] = []

/** A line that takes a second a part, and the store behind it. */
class Line {
  upload: { onprogress?: (event: { loaded: number }) => void } = {}
  status = 0
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  onloadend?: () => void
  private url = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  open(_: string, url: string) {
    this.url = url
  }
  send() {
    this.timer = setTimeout(() => {
      this.status = network && store ? 200 : 0
      if (this.status) sent.push(this.url)
      if (this.status) this.onload?.()
      else this.onerror?.()
      this.onloadend?.()
    }, 1000)
  }
  abort() {
    clearTimeout(this.timer)
    this.onabort?.()
    this.onloadend?.()
  }
}

const reached = <T>(value: T) =>
  network
    ? Promise.resolve(value)
    : Promise.reject(new ProblemError({ status: 0, title: '', key: 'network' }))
const parts = 4
const upload = () =>
  ({
    id: 'up',
    asset: { id: 'film' },
    state: 'open',
    part_size: 2,
    part_count: parts,
    received: sent.map((url) => ({ number: Number(url), size: 2 })),
  }) as unknown as Upload

let state: UploadState
function begin() {
  const file = new File(['12345678'], 'film.mp4')
  Object.assign(file, { arrayBuffer: async () => new ArrayBuffer(8) })
  vi.spyOn(file, 'slice').mockReturnValue({ arrayBuffer: async () => new ArrayBuffer(8) } as Blob)
  const uploader = new Uploader('video', file, 'slot', (next) => (state = next), undefined)
  void uploader.run()
  return uploader
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('XMLHttpRequest', Line)
  network = true
  store = true
  sent = []
  vi.mocked(createAsset).mockImplementation(() => reached(upload()))
  vi.mocked(findUpload).mockImplementation(() => reached(upload()))
  vi.mocked(partLinks).mockImplementation((_, [number = 0]) =>
    reached([{ number, size: 2, url: String(number) }] as Awaited<ReturnType<typeof partLinks>>),
  )
  vi.mocked(completeUpload).mockImplementation(() => reached({ id: 'film' } as Asset))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  localStorage.clear()
})

test('without a network it waits for however long, and goes on by itself', async () => {
  begin()
  await pass(500)
  network = false
  await pass(60 * 60_000)
  expect(state.phase).toBe('waiting')
  network = true
  dispatchEvent(new Event('online'))
  await pass(5000)
  expect(state).toMatchObject({ phase: 'done', asset: { id: 'film' } })
  expect(sent.toSorted()).toEqual(['1', '2', '3', '4'])
})

test('a store that cannot be reached while the server can is told of, and can be tried again', async () => {
  store = false
  const uploader = begin()
  await pass(3 * 60_000)
  expect(state).toMatchObject({ phase: 'paused', problem: { key: 'network' } })
  store = true
  void uploader.run()
  await pass(5000)
  expect(state.phase).toBe('done')
  expect(state.problem).toBeUndefined()
})

test('who stops it and goes on at once sends nothing twice', async () => {
  const uploader = begin()
  await pass(500)
  network = false
  await pass(1000)
  expect(state.phase).toBe('waiting')
  uploader.pause()
  expect(state.phase).toBe('paused')
  network = true
  void uploader.run()
  await pass(60_000)
  expect(state.phase).toBe('done')
  expect(sent.toSorted()).toEqual(['1', '2', '3', '4'])
})

test('who cancels frees what had arrived, also when the server had not answered yet', async () => {
  vi.mocked(deleteAsset).mockResolvedValue()
  const late = begin()
  late.cancel()
  await pass(500)
  expect(vi.mocked(deleteAsset).mock.calls).toEqual([['film']])
  expect(localStorage).toHaveLength(0)
  vi.mocked(deleteAsset).mockRejectedValue(new ProblemError({ status: 0, title: '', key: 'network' }))
  const sending = begin()
  await pass(1500)
  sending.cancel()
  await pass(60_000)
  expect(deleteAsset).toHaveBeenCalledTimes(2)
  expect(state.phase).toBe('paused')
  expect(sent.length).toBeLessThan(4)
})
