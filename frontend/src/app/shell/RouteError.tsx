import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '@/components/ErrorState'

/** A page that failed while it was drawn or fetched. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={reset} page />
}
