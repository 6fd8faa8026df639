import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePermission } from '@/lib/session'
import type { PersonAct } from '../api/people'

/** The acts that can be done to a selection. */
export function ActMenu({ onAct }: { onAct: (act: PersonAct) => void }) {
  const { t } = useTranslation('person')
  const mayErase = usePermission('person:erase')
  const mayWrite = usePermission('person:write')
  if (!mayWrite) return null
  const acts: PersonAct[] = [
    'suspend',
    'return',
    'leave',
    'stay',
    ...(mayErase ? (['anonymise', 'delete'] as const) : []),
  ]
  return (
    <Menu withinPortal={false} position="top-start">
      <Menu.Target>
        <Button size="compact-md" variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {t('act.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map((act) => (
          <Menu.Item key={act} onClick={() => onAct(act)}>
            {t('act.title', { context: act })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
