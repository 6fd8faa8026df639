import { Outlet } from '@tanstack/react-router'
import { PermissionGate } from './PermissionGate'
import { SessionGate } from './SessionGate'

/** The frame of the player and of print views: logged in, nothing else in the way. */
export function BareLayout() {
  return (
    <SessionGate>
      <PermissionGate>
        <Outlet />
      </PermissionGate>
    </SessionGate>
  )
}
