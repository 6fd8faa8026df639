import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { ConcernPage } from './ConcernPage'

const none = { never_used: 0, expiring: 0, weak_id: 0, unused: 0, devices: 0, unchecked: 0 }
let count: Record<string, number> = { ...none, never_used: 4 }

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: React.ReactNode }) => <span>{children}</span>,
  useNavigate: () => () => undefined,
  useSearch: () => ({}),
}))
vi.mock('@/lib/session', () => ({ usePermission: () => true }))
vi.mock('../api/concerns', () => ({
  checkConcerns: async () => undefined,
  concernCount: { queryKey: ['concerns', 'count'], queryFn: async () => count },
  concernKeys: { all: ['concerns'] },
  concernPages: () => ({
    queryKey: ['concerns', 'list'],
    queryFn: async () => ({ items: [] }),
    initialPageParam: '',
    getNextPageParam: () => undefined,
  }),
}))
vi.mock('../components/Remedies', () => ({
  Remedies: ({ onIssue }: { onIssue: () => void }) => (
    <button type="button" onClick={onIssue}>
      issue
    </button>
  ),
}))
vi.mock('@/components/table/DataTable', () => ({
  DataTable: ({ tools }: { tools: React.ReactNode }) => <div>{tools}</div>,
}))
vi.mock('@/components/slips/SlipDialog', () => ({ SlipDialog: () => <p>slips to save</p> }))

test('the slips stay in reach when nobody is of concern any more', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <ConcernPage />
      </QueryClientProvider>
    </MantineProvider>,
  )
  const [issue] = await screen.findAllByText('issue')
  if (!issue) throw new Error('nothing to issue with')
  fireEvent.click(issue)
  expect(screen.getByText('slips to save')).toBeTruthy()
  count = none
  await client.invalidateQueries({ queryKey: ['concerns'] })
  await vi.waitFor(() => expect(screen.queryByText('issue')).toBeNull())
  expect(screen.getByText('slips to save')).toBeTruthy()
})
