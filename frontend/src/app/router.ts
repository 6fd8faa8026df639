import { createRouter } from '@tanstack/react-router'
import { PageSkeleton } from '@/components/Skeletons'
import { routeTree } from './routes'
import { RouteError } from './shell/RouteError'
import { UnknownPage } from './shell/UnknownPage'

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPreloadDelay: 60,
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: UnknownPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
