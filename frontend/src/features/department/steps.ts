import type { Department, Step } from './api/departments'

/** The departments as they will be after steps, as far as a form needs to know: names, parents, closed ones. */
export function after(departments: Department[], steps: Step[], day: string): Department[] {
  const at = new Map(departments.map((one) => [one.id, { ...one }]))
  for (const step of steps) {
    const one = at.get(step.department_id)
    if (step.kind === 'create')
      at.set(step.department_id, {
        id: step.department_id,
        parent_id: step.parent_id,
        name: step.name ?? '',
        path: '',
        depth: 1,
        members: 0,
        members_below: 0,
        deletable: true,
      })
    else if (one && step.kind === 'rename') one.name = step.name ?? one.name
    else if (one && step.kind === 'move') one.parent_id = step.parent_id || undefined
    else if (one && step.kind === 'reopen') one.closed_on = undefined
    else if (one && (step.kind === 'close' || step.kind === 'merge')) {
      one.closed_on = day
      const up = step.kind === 'merge' ? step.into_id : one.parent_id
      for (const child of at.values()) if (child.parent_id === one.id && !step.below) child.parent_id = up
    }
  }
  return ordered([...at.values()])
}

/** Puts departments in the order of the tree, with path and depth. */
function ordered(list: Department[]): Department[] {
  const below = new Map<string, Department[]>()
  for (const one of list) below.set(one.parent_id ?? '', [...(below.get(one.parent_id ?? '') ?? []), one])
  const out: Department[] = []
  const place = (parent: string, path: string, depth: number) => {
    for (const one of below.get(parent) ?? []) {
      const full = path ? `${path} / ${one.name}` : one.name
      out.push({ ...one, path: full, depth })
      if (depth < 20) place(one.id, full, depth + 1)
    }
  }
  place('', '', 1)
  return out
}
