/**
 * The one rule by which parts become whole percent, the same as on the server: the nearest, but 100 only for all.
 * Nothing of nothing is 0.
 */
export function percentOf(part: number, all: number): number {
  if (all <= 0) return 0
  if (part >= all) return 100
  return Math.min(99, Math.round((part * 100) / all))
}
