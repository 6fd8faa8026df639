import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Choice } from '../api/report'
import classes from './ColumnMenu.module.css'
import { allColumns, moved } from './columns'

interface ColumnMenuProps {
  columns: string[]
  fields: Choice[]
  onChange: (columns: string[]) => void
}

/** Chooses the columns and their order; the choice is remembered. */
export function ColumnMenu({ columns, fields, onChange }: ColumnMenuProps) {
  const { t } = useTranslation('report')
  const names = new Map<string, string>([
    ...allColumns.map((id) => [id, t('column', { context: id })] as const),
    ...fields.map(({ id, name }) => [`field:${id}`, name] as const),
  ])
  const shown = columns.filter((id) => names.has(id))
  const ids = [...shown, ...[...names.keys()].filter((id) => !shown.includes(id))]
  return (
    <Popover position="bottom-end" shadow="md" width={320} trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('columns.action')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('columns.action')}>
        <p className={classes.note}>{t('columns.note')}</p>
        <ul className={classes.list}>
          {ids.map((id) => {
            const name = names.get(id) ?? id
            const on = shown.includes(id)
            return (
              <li key={id}>
                <Checkbox
                  size="sm"
                  label={name}
                  checked={on}
                  disabled={on && shown.length === 1}
                  onChange={() => onChange(on ? shown.filter((one) => one !== id) : [...shown, id])}
                />
                {on &&
                  ([-1, 1] as const).map((step) => (
                    <ActionIcon
                      key={step}
                      variant="subtle"
                      size="md"
                      aria-label={t(step < 0 ? 'columns.up' : 'columns.down', { name })}
                      disabled={step < 0 ? shown[0] === id : shown.at(-1) === id}
                      onClick={() => onChange(moved(shown, id, step))}
                    >
                      {step < 0 ? (
                        <IconArrowUp size={16} aria-hidden />
                      ) : (
                        <IconArrowDown size={16} aria-hidden />
                      )}
                    </ActionIcon>
                  ))}
              </li>
            )
          })}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}
