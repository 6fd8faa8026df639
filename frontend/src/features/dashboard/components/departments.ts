import type { Department, Figures } from '../api/dashboard'

/** A department as the plot shows it. */
export interface DepartmentRow {
  id: string
  name: string
  figures: Figures
  /** How many departments directly below it have people. */
  inner: number
}

const figuresOf = (department: Department, round: string | undefined): Figures | undefined =>
  round ? department.rounds.find((one) => one.round_id === round)?.figures : department.figures

/** The departments directly below one (or those that stand on their own) which have somebody assigned, the lowest rate first. */
export function below(
  all: Department[],
  parent: string | undefined,
  round: string | undefined,
): DepartmentRow[] {
  const shown = (id: string | undefined) =>
    all.filter((one) => one.parent_id === id && (figuresOf(one, round)?.assigned ?? 0) > 0)
  return shown(parent)
    .map((one) => ({
      id: one.id,
      name: one.name,
      figures: figuresOf(one, round) ?? one.figures,
      inner: shown(one.id).length,
    }))
    .toSorted((a, b) => a.figures.rate - b.figures.rate || b.figures.assigned - a.figures.assigned)
}

/** A department with everything it is part of, from the top down. */
export function above(all: Department[], id: string | undefined): Department[] {
  const path: Department[] = []
  for (let at = all.find((one) => one.id === id); at && path.length < 50; ) {
    path.unshift(at)
    const parent = at.parent_id
    at = parent ? all.find((one) => one.id === parent) : undefined
  }
  return path
}
