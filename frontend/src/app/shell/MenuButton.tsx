import { IconMenu2, IconX } from '@tabler/icons-react'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { NavigationGroup } from '../menu'
import { Menu } from './Menu'
import classes from './Shell.module.css'

/** The menu on a phone: a native dialog keeps the keyboard inside and closes on Escape without any code of ours. */
export function MenuButton({ groups }: { groups: NavigationGroup[] }) {
  const { t } = useTranslation('common')
  const dialog = useRef<HTMLDialogElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what closes the menu
  useEffect(() => dialog.current?.close(), [path])
  return (
    <>
      <button type="button" className={classes.menuButton} onClick={() => dialog.current?.showModal()}>
        <IconMenu2 size={22} aria-hidden />
        <span>{t('nav.menu')}</span>
      </button>
      <dialog ref={dialog} className={classes.drawer} aria-label={t('nav.menu')}>
        <button type="button" className={classes.menuButton} onClick={() => dialog.current?.close()}>
          <IconX size={22} aria-hidden />
          <span>{t('action.close')}</span>
        </button>
        <Menu groups={groups} onPick={() => dialog.current?.close()} />
      </dialog>
    </>
  )
}
