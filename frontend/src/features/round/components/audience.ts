import type { Audience, Rule } from '../api/rounds'

/** One rule as it is being chosen. `name` is what it is about, for showing. */
export interface RuleDraft {
  kind: Rule['kind']
  excluded: boolean
  target?: string
  name: string
  withBelow: boolean
  attribute?: NonNullable<Rule['attribute']>
  value?: string
}

/** Who, as it is being chosen. */
export interface AudienceDraft {
  rules: RuleDraft[]
  futureJoiners: boolean
}

const everyone: RuleDraft = { kind: 'everyone', excluded: false, name: '', withBelow: false }

export const emptyAudience: AudienceDraft = { rules: [everyone], futureJoiners: true }

/** Nobody chosen yet: where people are added to a round that is there. */
export const nobody: AudienceDraft = { rules: [], futureJoiners: true }

/** What tells two rules apart, as the server does. */
export function ruleKey(rule: RuleDraft): string {
  return [rule.excluded, rule.kind, rule.attribute, rule.target, rule.value].join('\n')
}

/** The rules with more; one that is there already becomes as wide as the newer one says. */
export function withRules(rules: RuleDraft[], more: RuleDraft[]): RuleDraft[] {
  const keys = new Set(more.map(ruleKey))
  return [...rules.filter((rule) => !keys.has(ruleKey(rule))), ...more]
}

/** A rule of the server as a draft. */
export function draftOf(rule: Rule): RuleDraft {
  return {
    kind: rule.kind,
    excluded: rule.excluded,
    name: rule.target_name,
    withBelow: rule.with_below,
    ...(rule.target && { target: rule.target }),
    ...(rule.attribute && { attribute: rule.attribute }),
    ...(rule.value && { value: rule.value }),
  }
}

/** What is sent to the server. */
export function audienceOf(draft: AudienceDraft): Audience {
  return {
    rules: draft.rules.map(({ kind, excluded, target, withBelow, attribute, value }) => ({
      kind,
      ...(excluded && { excluded }),
      ...(target && { target }),
      ...(withBelow && { with_below: true }),
      ...(attribute && { attribute }),
      ...(value && { value }),
    })),
    ...(hasFuture(draft) && { future_joiners: draft.futureJoiners }),
  }
}

/** True where somebody can come to match later: rules about single persons have no future. */
export function hasFuture(draft: AudienceDraft): boolean {
  return draft.rules.some((rule) => !rule.excluded && rule.kind !== 'person')
}

/** True when nobody is chosen yet. */
export function isEmpty(draft: AudienceDraft): boolean {
  return !draft.rules.some((rule) => !rule.excluded)
}
