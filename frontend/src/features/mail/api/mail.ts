import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import { keysetPages } from '@/lib/api/pages'
import type { components } from '@/lib/api/schema'
import type { MailFilter } from './filter'

export type Mail = components['schemas']['MailBody']
export type Health = components['schemas']['MailHealthBody']
export type Digest = components['schemas']['DigestOutputBody']
export type Resend = components['schemas']['ResendManyOutputBody']

export const mailKeys = {
  all: ['mail'] as const,
  list: (filter: MailFilter) => ['mail', 'list', filter] as const,
}

function fetchMail(filter: MailFilter, after: string | undefined, signal: AbortSignal) {
  return take(api.GET('/api/v1/mail', { params: { query: { ...filter, ...(after && { after }) } }, signal }))
}

export const mailQuery = (filter: MailFilter) => ({
  ...keysetPages(mailKeys.list(filter), (after, signal) => fetchMail(filter, after, signal)),
})

/** The counts by fate of the filter without its fate, and whether there is a mail server. */
export const mailSummaryQuery = ({ state: _, ...filter }: MailFilter) =>
  queryOptions({
    queryKey: ['mail', 'summary', filter] as const,
    queryFn: async ({ signal }) => {
      const { counts, has_server } = await fetchMail(filter, undefined, signal)
      return { counts, hasServer: has_server }
    },
  })

export const healthQuery = queryOptions({
  queryKey: ['mail', 'health'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/mail/health', { signal })),
})

/** Of the whole installation, for its operator. */
export const deliveriesQuery = queryOptions({
  queryKey: ['mail', 'deliveries'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/mail/deliveries', { signal })),
})

export const digestQuery = queryOptions({
  queryKey: ['mail', 'digest'] as const,
  queryFn: ({ signal }) => take(api.GET('/api/v1/reminders/digest', { signal })),
})

export const roundNamesQuery = queryOptions({
  queryKey: ['mail', 'rounds'] as const,
  queryFn: async ({ signal }) =>
    (await take(api.GET('/api/v1/rounds', { params: { query: { limit: 100 } }, signal }))).items ?? [],
})

export function resendMail(id: string): Promise<Mail> {
  return take(api.POST('/api/v1/mail/{id}/resend', { params: { path: { id } } }))
}

/** Sends chosen messages, or without ids all that the filter shows, once more; `preview` only tells what that would do. */
export function resendMany(ids: string[], filter: MailFilter, preview: boolean): Promise<Resend> {
  const body = { preview, ...(ids.length > 0 ? { ids } : { filter }) }
  return take(api.POST('/api/v1/mail/resend', { body }))
}

export function sendTest(key: string): Promise<Mail> {
  return take(api.POST('/api/v1/mail/test', { params: { header: idempotent(key) } }))
}
