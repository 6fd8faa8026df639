/** One line of the choices in the form; `was` is what it is called now, '' for a new one. */
export interface ChoiceLine {
  key: string
  name: string
  was: string
}

/** How many people lose what they have when these lines are kept: the choices that are gone, by their use. */
export function valuesLost(
  before: readonly string[],
  lines: readonly ChoiceLine[],
  use: Record<string, number>,
): number {
  const kept = new Set(lines.filter((line) => line.name.trim() !== '').map((line) => line.was))
  return before.filter((choice) => !kept.has(choice)).reduce((sum, choice) => sum + (use[choice] ?? 0), 0)
}
