import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useTrying } from './useTrying'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms))

test('a file that failed is opened anew as soon as there are fresh links', async () => {
  const { result } = renderHook(() => useTrying(async () => undefined))
  act(() => result.current.fail())
  expect(result.current.state).toBe('waiting')
  await settle()
  expect([result.current.state, result.current.round]).toEqual(['fine', 1])
})

test('without a network it is tried until the network is back', async () => {
  let network = false
  const renew = vi.fn(async () => {
    if (!network) throw new TypeError('Failed to fetch')
  })
  const { result } = renderHook(() => useTrying(renew))
  act(() => result.current.fail())
  await settle(11_000)
  expect(renew).toHaveBeenCalledTimes(3)
  expect(result.current.state).toBe('waiting')
  network = true
  act(() => void dispatchEvent(new Event('online')))
  await settle()
  expect([result.current.state, result.current.round]).toEqual(['fine', 1])
})

test('what fails again and again is left to the reader, who can begin anew', async () => {
  const { result } = renderHook(() => useTrying(async () => undefined))
  for (let n = 0; n < 3; n++) {
    act(() => result.current.fail())
    await settle(5000)
    expect(result.current.state).toBe('fine')
  }
  act(() => result.current.fail())
  await settle(20_000)
  expect(result.current.state).toBe('lost')
  act(() => result.current.again())
  await settle()
  expect([result.current.state, result.current.round]).toEqual(['fine', 4])
})

test('one break that is told twice counts once', async () => {
  const { result } = renderHook(() => useTrying(async () => undefined))
  for (let n = 0; n < 3; n++) {
    act(() => {
      result.current.fail()
      result.current.fail()
    })
    await settle(5000)
    expect([result.current.state, result.current.round]).toEqual(['fine', n + 1])
  }
})

test('what could be fetched meanwhile does not count as failing', async () => {
  const { result } = renderHook(() => useTrying(async () => undefined))
  for (let n = 0; n < 6; n++) {
    act(() => result.current.fail())
    await settle(5000)
    act(() => result.current.fine())
  }
  expect(result.current.state).toBe('fine')
})
