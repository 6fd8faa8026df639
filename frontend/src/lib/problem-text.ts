import type { FormErrors, UseFormReturnType } from '@mantine/form'
import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem, type ProblemArgs } from './api/problem'

/** One line of a form's error summary. An empty path means the form as a whole. */
export interface FieldError {
  path: string
  message: string
}

/** A problem in the person's language. */
export interface ProblemText {
  problem: Problem
  /** What happened and what to do. */
  sentence: string
  fields: FieldError[]
}

/** The sentence for a key; unknown keys say honestly that something is wrong, with the request id beside it. */
function sentence(t: TFunction, key: string, args: ProblemArgs | undefined): string {
  return t([`common:error.${key}`, `error:${key}`, 'common:error.unknown'], { ...args })
}

/** `questions[3].choices` and `body.login_id` as mantine/form writes them: `questions.3.choices`, `login_id`. */
export function formPath(path: string): string {
  return path.replace(/^body\./, '').replace(/\[(\d+)\]/g, '.$1')
}

/** Gives a function that puts one key of the server into words: `sentence('password_common')`. */
export function useSentence(): (key: string, args?: ProblemArgs) => string {
  const { t } = useTranslation('common')
  return useCallback((key, args) => sentence(t, key, args), [t])
}

/** What mantine/form found before sending, as lines for the FormErrorSummary. */
export function linesOf(errors: FormErrors): FieldError[] {
  return Object.entries(errors).map(([path, message]) => ({ path, message: String(message) }))
}

/** Gives a function that puts any thrown value into words. */
export function useProblem(): (error: unknown) => ProblemText {
  const { t } = useTranslation('common')
  return useCallback(
    (error: unknown) => {
      const problem = asProblem(error)
      return {
        problem,
        sentence: sentence(t, problem.key, problem.args),
        fields: (problem.fields ?? []).map((field) => ({
          path: formPath(field.path),
          message: sentence(t, field.key, field.args),
        })),
      }
    },
    [t],
  )
}

/**
 * Writes a problem's field sentences beside the inputs of a form and gives the lines for its FormErrorSummary.
 * A problem without fields becomes one line for the whole form.
 */
export function applyProblem<Values>(form: UseFormReturnType<Values>, text: ProblemText): FieldError[] {
  if (text.fields.length === 0) return [{ path: '', message: text.sentence }]
  form.setErrors(Object.fromEntries(text.fields.map((field) => [field.path, field.message])))
  return text.fields
}
