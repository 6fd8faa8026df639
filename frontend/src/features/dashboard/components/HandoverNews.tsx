import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'

const key = ['handover', 'list']

/** Tells the manager that whom they asked to take over declined, or did not answer. Nothing once that is put away, or somebody else has been asked. */
export function HandoverNews() {
  const { t } = useTranslation('dashboard')
  const client = useQueryClient()
  const words = useProblem()
  const may = usePermission('handover:write')
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/handovers', { signal }))).items,
    enabled: may,
  })
  const dismiss = useMutation({
    mutationFn: (id: string) =>
      take(api.POST('/api/v1/handovers/{id}/dismiss', { params: { path: { id } } })),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  })
  const last = query.data?.[0]
  if (!may || !last?.news) return null // a deputy has read the same list on the page of the handover
  const context = last.state === 'declined' ? 'declined' : 'expired'
  return (
    <Alert color="yellow" mb="lg" title={t('handover.title', { context, name: last.to.name })}>
      <p>
        {t('handover.text', {
          context,
          at: formatDateTime(context === 'declined' ? (last.decided_at ?? last.created_at) : last.expires_at),
        })}
      </p>
      {last.answer && <blockquote>{last.answer}</blockquote>}
      <Group mt="sm">
        <Button component={Link} to="/handover" size="compact-md">
          {t('handover.again')}
        </Button>
        <Button
          variant="default"
          size="compact-md"
          loading={dismiss.isPending}
          onClick={() => dismiss.mutate(last.id)}
        >
          {t('handover.dismiss')}
        </Button>
      </Group>
    </Alert>
  )
}
