import { onlineManager } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { queryClient } from './providers'

afterEach(() => onlineManager.setOnline(true))

test('what is pressed without a network fails at once; it is not done later, when nobody thinks of it', async () => {
  onlineManager.setOnline(false)
  const mutationFn = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
  const failed = vi.fn()
  queryClient.getMutationCache().build(queryClient, { mutationFn }).execute(undefined).catch(failed)
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce())
  onlineManager.setOnline(true)
  await new Promise((done) => setTimeout(done))
  expect(mutationFn).toHaveBeenCalledOnce()
})
