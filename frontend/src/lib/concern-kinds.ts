import type { operations } from './api/schema'

export type ConcernKind = Exclude<
  NonNullable<NonNullable<operations['list-concerns']['parameters']['query']>['kind']>,
  ''
>

/** Why an account is of concern, the gravest first. */
export const concernKinds: ConcernKind[] = [
  'weak_id',
  'void',
  'expired',
  'expiring',
  'never_used',
  'unused',
  'devices',
]
