import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { SkipLink } from '@/components/SkipLink'
import { useSession } from '@/lib/session'
import { useNavigation } from '../menu'
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
  const groups = useNavigation(permissions)
  const main = useFocusOnNavigation()
  useLeftBehind()
  return (
    <div className={classes.shell}>
      <SkipLink to="main" />
      <Header groups={groups} />
      <div className={classes.columns}>
        <div className={classes.side}>
          <Menu groups={groups} />
        </div>
        <main id="main" ref={main} tabIndex={-1} className={classes.main}>
          <Invited />
          <PermissionGate>
            <Outlet />
          </PermissionGate>
        </main>
      </div>
      <ShortcutList />
    </div>
  )
}

/** Who is asked to become the manager sees it on every page until they have answered. */
function Invited() {
  const { t } = useTranslation('common')
  const { handover_invited: invited } = useSession()
  const path = useRouterState({ select: (state) => state.location.pathname })
  if (!invited || path === '/handover') return null
  return (
    <p className={classes.invited}>
      {t('invited.text')} <Link to="/handover">{t('invited.open')}</Link>
    </p>
  )
}

/** Learners: what was done without a network and is still on this device is sent. */
function useLeftBehind() {
  const client = useQueryClient()
  const { person, permissions } = useSession()
  const learns = permissions.includes('learning:own')
  useEffect(() => {
    if (!learns) return
    let end: (() => void) | undefined
    let gone = false
    void import('@/lib/outbox/wake').then(({ wakeOutbox }) => {
      if (!gone) end = wakeOutbox(person.id, client)
    })
    return () => {
      gone = true
      end?.()
    }
  }, [client, learns, person.id])
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
