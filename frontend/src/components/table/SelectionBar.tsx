import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import type { Selection } from './types'

/** What can be done with the chosen rows. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const { t } = useTranslation('common')
  return (
    <section data-selection-bar className={classes.selection} aria-label={t('table.selection')}>
      <p role="status">{t('table.selected', { count: selection.selected.size })}</p>
      <div>{selection.actions}</div>
      <Button variant="subtle" size="compact-md" onClick={() => selection.onChange(new Set())}>
        {t('table.clear')}
      </Button>
    </section>
  )
}
