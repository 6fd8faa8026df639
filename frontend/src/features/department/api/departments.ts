import { queryOptions } from '@tanstack/react-query'
import { api, idempotent, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Department = components['schemas']['DepartmentBody']
export type Step = components['schemas']['DepartmentStepBody']
export type StepKind = Step['kind']
export type Effects = components['schemas']['DepartmentEffectsBody']
export type StepProblem = components['schemas']['DepartmentProblemBody']
export type Plan = components['schemas']['DepartmentPlanBody']
export type PlanInput = components['schemas']['DepartmentPlanInput']

export const departmentKeys = {
  all: ['departments'] as const,
  day: (asOf: string, closed: boolean) => ['departments', 'tree', asOf, closed] as const,
  one: (id: string) => ['departments', 'one', id] as const,
  preview: (asked: object) => ['departments', 'preview', asked] as const,
  plans: ['departments', 'plans'] as const,
}

/** The tree of a day; '' is today. */
export const departmentsQuery = (asOf = '', closed = false) =>
  queryOptions({
    queryKey: departmentKeys.day(asOf, closed),
    queryFn: async ({ signal }): Promise<Department[]> =>
      (
        await take(
          api.GET('/api/v1/departments', {
            params: { query: { as_of: asOf || undefined, closed: closed || undefined } },
            signal,
          }),
        )
      ).items ?? [],
    placeholderData: (before) => before,
  })

/** What a department was called and where it belonged. */
export const departmentQuery = (id: string) =>
  queryOptions({
    queryKey: departmentKeys.one(id),
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/departments/{department_id}', { params: { path: { department_id: id } }, signal }),
      ),
  })

/** What steps would do on a day; '' is today. */
export const previewQuery = (steps: Step[], effectiveOn = '', planId = '') =>
  queryOptions({
    queryKey: departmentKeys.preview({ steps, effectiveOn, planId }),
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/departments/preview', {
          body: { steps, effective_on: effectiveOn || undefined, plan_id: planId || undefined },
          signal,
        }),
      ),
    staleTime: 0,
    retry: false,
  })

export const plansQuery = queryOptions({
  queryKey: departmentKeys.plans,
  queryFn: async ({ signal }): Promise<Plan[]> =>
    (await take(api.GET('/api/v1/department-plans', { signal }))).items ?? [],
})

/** Does steps today. */
export function changeDepartments(steps: Step[]) {
  return take(api.POST('/api/v1/departments/change', { body: { steps } }))
}

export async function deleteDepartment(id: string): Promise<void> {
  await take(api.DELETE('/api/v1/departments/{department_id}', { params: { path: { department_id: id } } }))
}

export function createPlan(input: PlanInput, key: string) {
  return take(api.POST('/api/v1/department-plans', { body: input, headers: idempotent(key) }))
}

const at = (plan: Plan) => ({ path: { department_plan_id: plan.id } })

export function savePlan(plan: Plan, input: PlanInput) {
  return take(
    api.PUT('/api/v1/department-plans/{department_plan_id}', {
      params: at(plan),
      body: { ...input, version: plan.version },
    }),
  )
}

export function activatePlan(plan: Plan) {
  return take(
    api.POST('/api/v1/department-plans/{department_plan_id}/activate', {
      params: at(plan),
      body: { version: plan.version },
    }),
  )
}

export function cancelPlan(plan: Plan) {
  return take(
    api.POST('/api/v1/department-plans/{department_plan_id}/cancel', {
      params: at(plan),
      body: { version: plan.version },
    }),
  )
}

export async function deletePlan(plan: Plan): Promise<void> {
  await take(
    api.DELETE('/api/v1/department-plans/{department_plan_id}', {
      params: { ...at(plan), query: { version: plan.version } },
    }),
  )
}

/** Who belongs to a department today, by part of a name or login ID; the first 50. */
export const membersQuery = (department: string, q: string) =>
  queryOptions({
    queryKey: ['people', 'members', department, q] as const,
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/people', {
            params: { query: { department, limit: 50, ...(q && { q }) } },
            signal,
          }),
        )
      ).items ?? [],
  })
