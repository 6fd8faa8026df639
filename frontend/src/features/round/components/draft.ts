import { today } from '@/lib/format'
import type { Offer } from '../api/rounds'
import { type AudienceDraft, emptyAudience, isEmpty } from './audience'
import type { DueDraft } from './DueFields'
import { isComplete, once, type RecurrenceDraft } from './recurrence'

/** The questions of the wizard, in order. */
export const steps = ['course', 'who', 'dates', 'confirm'] as const
export type Step = (typeof steps)[number]

/** A round being made. */
export interface RoundDraft {
  course?: Offer
  audience: AudienceDraft
  title: string
  startsOn: string
  deadlineOn: string
  due: DueDraft
  followOut: boolean
  /** The round whose audience was taken over. */
  copiedFrom?: string
  /** Asks what that round asked; undefined where its course draws no questions for a whole round. */
  sameQuestions?: boolean
  recurrence: RecurrenceDraft
  /** The training comes again by itself, and the manager means this round as one more (or does not say so yet). */
  oneMore?: boolean
}

/** Starts today, ends in four weeks: what most managers want. */
export function firstDraft(): RoundDraft {
  const start = today()
  const end = new Date(`${start}T00:00:00Z`)
  end.setUTCDate(end.getUTCDate() + 28)
  return {
    audience: emptyAudience,
    title: '',
    startsOn: start,
    deadlineOn: end.toISOString().slice(0, 10),
    due: { rule: 'fixed', days: 14 },
    followOut: false,
    recurrence: once,
  }
}

/** The fiscal year (April to March) of a day. */
export function fiscalYear(day: string): number {
  const [year, month] = day.split('-').map(Number)
  return (month ?? 4) < 4 ? (year ?? 0) - 1 : (year ?? 0)
}

/** The key of what is still missing in a step; undefined when it is complete. */
export function missingOf(step: Step, draft: RoundDraft): string | undefined {
  if (step === 'course' && !draft.course) return 'course'
  if (step === 'who' && isEmpty(draft.audience)) return 'who'
  if (step === 'confirm' && draft.oneMore === false) return 'oneMore'
  if (step !== 'dates') return undefined
  if (draft.title.trim() === '') return 'title'
  if (!draft.startsOn || !draft.deadlineOn) return 'days'
  if (draft.deadlineOn < draft.startsOn) return 'order'
  if (draft.deadlineOn < today()) return 'past'
  if (draft.due.rule !== 'fixed' && (draft.due.days < 1 || draft.due.days > 730)) return 'dueDays'
  if (!isComplete(draft.recurrence)) return 'recurrence'
  return undefined
}
