import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { SkipLink } from '@/components/SkipLink'
import { useSession } from '@/lib/session'
import { visibleNavigation } from '../navigation'
import { Header } from './Header'
import { Menu } from './Menu'
import { PermissionGate } from './PermissionGate'
import { SessionGate } from './SessionGate'
import classes from './Shell.module.css'
import { ShortcutList } from './ShortcutList'

/** The frame with header and menu. */
export function ShellLayout() {
  return (
    <SessionGate>
      <Shell />
    </SessionGate>
  )
}

function Shell() {
  const { permissions } = useSession()
  const groups = visibleNavigation(permissions)
  const main = useFocusOnNavigation()
  return (
    <div className={classes.shell}>
      <SkipLink to="main" />
      <Header groups={groups} />
      <div className={classes.columns}>
        <div className={classes.side}>
          <Menu groups={groups} />
        </div>
        <main id="main" ref={main} tabIndex={-1} className={classes.main}>
          <PermissionGate>
            <Outlet />
          </PermissionGate>
        </main>
      </div>
      <ShortcutList />
    </div>
  )
}

/** Moves the keyboard and the screen reader to the new page, as a browser does without scripts. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const last = useRef(path)
  useEffect(() => {
    if (path && last.current && path !== last.current) main.current?.focus({ preventScroll: true })
    last.current = path
  }, [path])
  return main
}
