import { useState } from 'react'
import type { components } from '@/lib/api/schema'

export type SurveyAnswer = components['schemas']['SurveyAnswerBody']

const prefix = 'kenshu.survey.'

function read(key: string): SurveyAnswer[] {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? '[]') as SurveyAnswer[]
  } catch {
    return [] // storage is forbidden, or somebody else wrote there
  }
}

function write(key: string, answers: SurveyAnswer[]) {
  try {
    if (answers.length > 0) localStorage.setItem(prefix + key, JSON.stringify(answers))
    else localStorage.removeItem(prefix + key)
  } catch {
    // Storage is forbidden or full: the answers live as long as the page.
  }
}

/** The answers until the server has them: on this device alone, so that neither a closed tab nor a refusal loses one. `key` is where they are kept. */
export function useSurveyDraft(key: string) {
  const [answers, setAnswers] = useState(() => read(key))
  const change = (next: SurveyAnswer[]) => {
    setAnswers(next)
    write(key, next)
  }
  const answer = (one: SurveyAnswer) =>
    change([...answers.filter((old) => old.question !== one.question), ...(isEmpty(one) ? [] : [one])])
  return { answers, answer, key: prefix + key }
}

/** True when there is nothing in an answer. */
export function isEmpty(one: SurveyAnswer | undefined): boolean {
  return !one || (!one.step && !one.choices?.length && !one.text?.trim())
}
