import type { Choice, Question } from '../api/lessons'

export type QuestionKind = Question['kind']
export const questionKinds: QuestionKind[] = ['single', 'multiple', 'true_false']

/** A random UUID (version 4); crypto.randomUUID is missing on plain http. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const trueFalse: Choice[] = [
  { id: 'true', text: '' },
  { id: 'false', text: '' },
]

/** An empty question with as many choices as the kind needs. */
export function newQuestion(kind: QuestionKind): Question {
  const choices = kind === 'true_false' ? trueFalse : [newChoice([]), { id: 'b', text: '' }]
  return { id: newUuid(), kind, text: '', choices, correct: [], explanation: '' }
}

/** A choice whose id is not used in the question: a, b … z, then a number. Ids stay when choices are deleted. */
export function newChoice(choices: Choice[]): Choice {
  const used = new Set(choices.map((choice) => choice.id))
  for (let n = 0; ; n++) {
    const id = n < 26 ? String.fromCharCode(97 + n) : `c${n}`
    if (!used.has(id)) return { id, text: '' }
  }
}

/** The question as another kind: what is right stays as far as the kind allows. */
export function ofKind(question: Question, kind: QuestionKind): Question {
  if (kind === question.kind) return question
  if (kind === 'true_false') return { ...question, kind, choices: trueFalse, correct: [] }
  const choices = question.kind === 'true_false' ? newQuestion(kind).choices : question.choices
  const correct = question.kind === 'true_false' ? [] : question.correct
  return { ...question, kind, choices, correct: kind === 'single' ? correct.slice(0, 1) : correct }
}

/** Marks a choice as right or not; in all kinds but multiple it is the only one. */
export function mark(question: Question, choice: string, right: boolean): Question {
  if (question.kind !== 'multiple') return { ...question, correct: right ? [choice] : [] }
  const others = question.correct.filter((id) => id !== choice)
  return { ...question, correct: right ? [...others, choice] : others }
}

/** Takes a choice away, and its mark. */
export function withoutChoice(question: Question, choice: string): Question {
  return {
    ...question,
    choices: question.choices.filter((one) => one.id !== choice),
    correct: question.correct.filter((id) => id !== choice),
  }
}
