import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import type { Selection } from './types'

/** What can be done with the chosen rows. It never lies on the row that was chosen last: the page moves up by as much as is covered. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const { t } = useTranslation('common')
  const bar = useRef<HTMLElement>(null)
  const last = [...selection.selected].at(-1)
  useEffect(() => {
    if (last === undefined || !bar.current) return
    const box = document.querySelector(`[data-row="${CSS.escape(last)}"]`)
    if (!box) return
    const covered = box.getBoundingClientRect().bottom + 8 - bar.current.getBoundingClientRect().top
    if (covered > 0) window.scrollBy({ top: covered })
  }, [last])
  return (
    <section ref={bar} data-selection-bar className={classes.selection} aria-label={t('table.selection')}>
      <p role="status">{t('table.selected', { count: selection.count ?? selection.selected.size })}</p>
      <Button variant="subtle" size="compact-md" onClick={() => selection.onChange(new Set())}>
        {t('table.clear')}
      </Button>
      <div>{selection.actions}</div>
    </section>
  )
}
