import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { exportPeople, type PeopleFilter } from '../api/people'

/** What can be done with everybody on the list as it is filtered. */
export function ListMenu({ filter, onIssue }: { filter: PeopleFilter; onIssue: () => void }) {
  const { t } = useTranslation('person')
  const problemText = useProblem()
  const mayExport = usePermission('person:export')
  const mayIssue = usePermission('person:credential')
  const save = useMutation({
    mutationFn: (format: 'csv' | 'xlsx') => exportPeople(filter, format),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  if (!mayExport && !mayIssue) return null
  return (
    <Group gap="xs" role="group" aria-label={t('list.menu')}>
      {mayIssue && (
        <Button variant="default" size="compact-md" onClick={onIssue}>
          {t('list.issueAll')}
        </Button>
      )}
      {mayIssue && (
        <Button variant="default" size="compact-md" component={Link} to="/people/concern">
          {t('list.concern')}
        </Button>
      )}
      {mayIssue && (
        <Button variant="default" size="compact-md" component={Link} to="/people/slips">
          {t('list.slips')}
        </Button>
      )}
      {mayIssue && (
        <Button variant="default" size="compact-md" component={Link} to="/people/passwords">
          {t('list.passwords')}
        </Button>
      )}
      {mayExport && (
        <Button
          variant="default"
          size="compact-md"
          disabled={save.isPending}
          onClick={() => save.mutate('xlsx')}
        >
          {t('list.xlsx')}
        </Button>
      )}
      {mayExport && (
        <Button
          variant="default"
          size="compact-md"
          disabled={save.isPending}
          onClick={() => save.mutate('csv')}
        >
          {t('list.csv')}
        </Button>
      )}
    </Group>
  )
}
