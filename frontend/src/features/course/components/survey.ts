import { newUuid } from '@/components/question/questions'
import type { SurveyQuestion } from '../api/lessons'

export const surveyKinds: SurveyQuestion['kind'][] = ['single', 'multiple', 'scale', 'text']

/** A choice nobody has named before. */
export function newChoice(taken: SurveyQuestion['choices']) {
  let n = taken.length + 1
  while (taken.some((one) => one.id === `c${n}`)) n++
  return { id: `c${n}`, text: '' }
}

/** A question to begin with: one of two choices. */
export function newSurveyQuestion(): SurveyQuestion {
  return {
    id: newUuid(),
    kind: 'single',
    text: '',
    choices: [
      { id: 'c1', text: '' },
      { id: 'c2', text: '' },
    ],
    steps: 5,
    low: '',
    high: '',
    required: true,
  }
}
