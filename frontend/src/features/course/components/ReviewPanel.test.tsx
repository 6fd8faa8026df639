import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { beforeEach, expect, test, vi } from 'vitest'
import { startTexts } from '@/app/texts'
import type { Course } from '../api/courses'
import en from '../locales/en.json'
import { ReviewPanel } from './ReviewPanel'

let own = false
let permitted = true

vi.mock('@/lib/session', () => ({ usePermission: () => permitted }))
vi.mock('../api/reviews', () => ({
  reviewsQuery: () => ({
    queryKey: ['reviews', own, permitted],
    queryFn: async () => [{ own, asked_by: 'Saito', asked_at: '2026-04-01T00:00:00Z' }],
  }),
}))

beforeEach(async () => {
  localStorage.setItem('kenshu.language', 'en')
  await startTexts()
  i18next.addResourceBundle('en', 'course', en)
})

test.each([
  { who: 'who asked', own: true, permitted: true, sees: ['Take the request back'] },
  { who: 'a colleague', own: false, permitted: true, sees: ['Approve', 'Send back with what to change'] },
  { who: 'who may not publish', own: false, permitted: false, sees: [] },
])('$who sees what is theirs to do', async (seen) => {
  own = seen.own
  permitted = seen.permitted
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <ReviewPanel course={{ id: 'c', review: 'asked' } as Course} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  await screen.findByText(/Asked by Saito/)
  expect(screen.queryAllByRole('button').map((one) => one.textContent)).toEqual(seen.sees)
})
