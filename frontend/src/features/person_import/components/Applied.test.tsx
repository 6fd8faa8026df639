import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { beforeEach, expect, it, vi } from 'vitest'
import { startTexts } from '@/app/texts'
import type { Import } from '../api/imports'
import en from '../locales/en.json'
import { Applied } from './Applied'

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a>,
}))

beforeEach(async () => {
  localStorage.setItem('kenshu.language', 'en')
  await startTexts()
  i18next.addResourceBundle('en', 'person_import', en)
})

const hour = 3_600_000

function show(until: number) {
  const applied = {
    id: '0190a5e0-0000-7000-8000-000000000001',
    state: 'applied',
    added: 2,
    changed: 0,
    unchanged: 0,
    missing: 0,
    new_departments: [],
    undo_until: new Date(Date.now() + until).toISOString(),
  } as unknown as Import
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <Applied applied={applied} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

it('offers to take an import back while that is possible', () => {
  show(hour)
  expect(screen.getByRole('button', { name: en.undo.open })).toBeTruthy()
})

it('says that the day is over and offers nothing', () => {
  show(-hour)
  expect(screen.queryByRole('button', { name: en.undo.open })).toBeNull()
  expect(screen.getByText(/could be taken back until/)).toBeTruthy()
})
