import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
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
    onError: (error) => notifications.show({ message: problemText(error).sentence, color: 'red' }),
  })
  if (!mayExport && !mayIssue) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="compact-md"
          loading={save.isPending}
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          {t('list.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mayIssue && <Menu.Item onClick={onIssue}>{t('list.issueAll')}</Menu.Item>}
        {mayExport && <Menu.Item onClick={() => save.mutate('xlsx')}>{t('list.xlsx')}</Menu.Item>}
        {mayExport && <Menu.Item onClick={() => save.mutate('csv')}>{t('list.csv')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}
