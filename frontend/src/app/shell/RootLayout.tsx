import { Outlet } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { PageSkeleton } from '@/components/Skeletons'
import { pressShortcut } from '@/lib/shortcuts'

/** Around every page: key presses and the wait for words. */
export function RootLayout() {
  useEffect(() => {
    document.addEventListener('keydown', pressShortcut)
    return () => document.removeEventListener('keydown', pressShortcut)
  }, [])
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Outlet />
    </Suspense>
  )
}
