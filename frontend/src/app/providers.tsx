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

/** What must be done first was demanded after this page was opened: the session is asked for anew, and the gate shows it. */
function noteDemand(error: unknown) {
  if (error instanceof ProblemError && ['must_enrol', 'must_change_password'].includes(error.problem.key))
    void queryClient.invalidateQueries({ queryKey: ['session'], exact: true })
}

function note(error: unknown) {
  noteSessionEnd(error)
  noteDemand(error)
}

/** Server state of the whole page. Refusals are not retried, faults twice; a 401 asks to log in again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: note }),
  mutationCache: new MutationCache({ onError: note }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && isTemporary(asProblem(error)),
    },
    // Pressed without a network it fails at once and says so: waiting for the network, it would be done when nobody thinks of it any more.
    mutations: { retry: false, networkMode: 'always' },
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
