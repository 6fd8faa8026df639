import { Button } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '@/lib/shortcuts'
import classes from './Shell.module.css'

const ShortcutDialog = lazy(() => import('./ShortcutDialog').then((one) => ({ default: one.ShortcutDialog })))

/** Opens the list of keys: by `?` and by the words at the foot of the page. */
export function ShortcutList() {
  const { t } = useTranslation('common')
  const [opened, setOpened] = useState(false)
  useShortcuts(useMemo(() => [{ key: '?', label: t('shortcuts.show'), run: () => setOpened(true) }], [t]))
  return (
    <footer className={classes.footer}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        fw={500}
        leftSection={<IconKeyboard size={18} stroke={1.75} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t('shortcuts.title')}
      </Button>
      <Suspense>{opened && <ShortcutDialog onClose={() => setOpened(false)} />}</Suspense>
    </footer>
  )
}
