import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { formatDateTime } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'

/** Files of people that go no further until somebody answers, while what they would do is still kept. Nothing when none waits. */
export function ImportsWaiting() {
  const { t } = useTranslation('dashboard')
  const sentence = useSentence()
  const mayImport = usePermission('person:import')
  const imports = useQuery({
    queryKey: ['import', 'waiting'],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/people/imports', { params: { query: { limit: 50 } }, signal }))).items ??
      [],
    enabled: mayImport,
  })
  const waiting = (imports.data ?? []).filter(
    ({ state, rows_until }) =>
      (state === 'mapping' || state === 'checked') && rows_until && new Date(rows_until) > new Date(),
  )
  if (waiting.length === 0) return null
  return (
    <Alert color="yellow" mb="lg" title={t('importsWaiting')}>
      {waiting.map((one) => (
        <div key={one.id}>
          {formatDateTime(one.created_at)}{' '}
          <Link to="/people/import" search={{ id: one.id }}>
            {one.file_name || t('importNoName')}
          </Link>
          {one.problem && <> {sentence(one.problem.key, one.problem.args)}</>}
        </div>
      ))}
    </Alert>
  )
}
