import { Kbd, Modal, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useActiveShortcuts, useShortcutsEnabled } from '@/lib/shortcuts'
import classes from './Shell.module.css'

/** Every key that does something on this page, and the switch that turns single keys off. */
export function ShortcutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('common')
  const [enabled, setEnabled] = useShortcutsEnabled()
  const shortcuts = useActiveShortcuts()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <dl className={classes.keys}>
        {shortcuts.map((one) => (
          <div key={`${one.key} ${one.label}`}>
            <dt>
              <Kbd>{one.key}</Kbd>
            </dt>
            <dd>{one.label}</dd>
          </div>
        ))}
      </dl>
      <Switch
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
        label={t('shortcuts.enable')}
        description={t('shortcuts.enableHelp')}
      />
    </Modal>
  )
}
