import { useTranslation } from 'react-i18next'
import type { Import } from '../api/imports'
import classes from './Import.module.css'

/** What taking an import back does or did, one line for each thing that concerns anybody. */
export function UndoCounts({ count }: { count: NonNullable<Import['undo']> }) {
  const { t } = useTranslation('person_import')
  const lines = {
    remove: count.remove,
    restore: count.restore,
    back: count.return,
    kept: count.kept_changed + count.kept_used,
  }
  return (
    <ul className={classes.kept}>
      {Object.entries(lines)
        .filter(([, people]) => people > 0)
        .map(([what, people]) => (
          <li key={what}>{t('undo.line', { context: what, count: people })}</li>
        ))}
    </ul>
  )
}
