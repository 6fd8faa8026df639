import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconColumns } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { personFieldsQuery } from '../api/people'

/** Which own fields the list shows, remembered in this browser. */
export function useShownFields(): [string[], (next: string[]) => void] {
  const [shown, show] = useLocalStorage<string[]>({
    key: 'kenshu-people-columns',
    defaultValue: [],
    getInitialValueInEffect: false,
  })
  return [shown, show]
}

/** Chooses the own fields that the list shows; nothing when there are none. */
export function ColumnMenu({ shown, onChange }: { shown: string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation('person')
  const fields = useQuery(personFieldsQuery).data ?? []
  if (fields.length === 0) return null
  return (
    <Popover withinPortal={false} trapFocus position="bottom-end">
      <Popover.Target>
        <Button variant="default" size="compact-md" leftSection={<IconColumns size={16} aria-hidden />}>
          {t('list.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group label={t('list.columnsLabel')} value={shown} onChange={onChange}>
          <Stack gap="xs" mt="xs">
            {fields.map((field) => (
              <Checkbox key={field.id} value={field.id} label={field.name} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  )
}
