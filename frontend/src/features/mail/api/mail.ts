import { api, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'

export type Mail = components['schemas']['MailBody']

/** Every fate a message can have, in the order a manager looks at them. */
export const fates = ['refused', 'no_address', 'queued', 'kept', 'sent'] as const
export type Fate = (typeof fates)[number]

export const mailKeys = { all: ['mail'] as const, list: (state: string) => ['mail', 'list', state] as const }

function fetchMail(state: Fate | '', after: string | undefined, signal: AbortSignal) {
  return take(api.GET('/api/v1/mail', { params: { query: { state, ...(after && { after }) } }, signal }))
}

export const mailQuery = (state: Fate | '') => ({
  ...keysetPages(mailKeys.list(state), (after, signal) => fetchMail(state, after, signal)),
})

/** The counts by fate and whether there is a mail server; from the first page of everything. */
export const mailSummaryQuery = {
  queryKey: ['mail', 'summary'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const { counts, has_server } = await fetchMail('', undefined, signal)
    return { counts, hasServer: has_server }
  },
}

export function resendMail(id: string): Promise<Mail> {
  return take(api.POST('/api/v1/mail/{id}/resend', { params: { path: { id } } }))
}
