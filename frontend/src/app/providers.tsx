import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Messages } from '@/components/Messages'
import { asProblem, isTemporary, ProblemError } from '@/lib/api/problem'
import { ended } from '@/lib/api/session-end'
import { cssVariablesResolver, theme } from './theme'

function noteSessionEnd(error: unknown) {
  if (error instanceof ProblemError && error.problem.status === 401 && error.problem.key !== 'login_failed')
    ended()
}

/** Server state of the whole page. Refusals are not retried, faults twice; a 401 asks to log in again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteSessionEnd }),
  mutationCache: new MutationCache({ onError: noteSessionEnd }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && isTemporary(asProblem(error)),
    },
    mutations: { retry: false },
  },
})

/** Everything that pages take from above: look, server state, short messages. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        {children}
        <Messages />
      </QueryClientProvider>
    </MantineProvider>
  )
}
