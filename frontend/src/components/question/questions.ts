import type { components } from '@/lib/api/schema'

export type Question = components['schemas']['Question']
export type Choice = components['schemas']['Choice']
export type QuestionKind = Question['kind']
export const questionKinds: QuestionKind[] = [
  'single',
  'multiple',
  'true_false',
  'ordering',
  'matching',
  'short_text',
  'number',
]

export const maxChoices = 20
export const maxAccepted = 50

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

/** Chosen from a list, so that choices with marks can be kept when the kind changes. */
const chosen = (kind: QuestionKind) => kind === 'single' || kind === 'multiple'

/** An empty question with as much to fill in as the kind needs. */
export function newQuestion(kind: QuestionKind): Question {
  const question: Question = { id: newUuid(), kind, text: '', choices: [], correct: [], explanation: '' }
  const first = newChoice([])
  const two = [first, newChoice([first])]
  switch (kind) {
    case 'true_false':
      return { ...question, choices: trueFalse }
    case 'matching':
      return addPair(addPair(question))
    case 'short_text':
      return { ...question, accepted: [''] }
    case 'number':
      return { ...question, number: '', tolerance: '' }
    case 'ordering':
      return inOrder({ ...question, choices: two })
    default:
      return { ...question, choices: two }
  }
}

/**
 * A choice whose id is not used in the question and says nothing about where it was typed: the page of a learner holds the ids. Ids stay
 * when choices are deleted.
 */
export function newChoice(choices: Choice[]): Choice {
  const used = new Set(choices.map((choice) => choice.id))
  for (;;) {
    const id = newUuid().slice(0, 8)
    if (!used.has(id)) return { id, text: '' }
  }
}

/** The question as another kind: what is right stays as far as the kind allows. */
export function ofKind(question: Question, kind: QuestionKind): Question {
  if (kind === question.kind) return question
  const { id, text, explanation, choices } = question
  const fresh = { ...newQuestion(kind), id, text, explanation: explanation ?? '' }
  if (kind === 'ordering' && chosen(question.kind)) return inOrder({ ...fresh, choices })
  if (!chosen(kind) || !(chosen(question.kind) || question.kind === 'ordering')) return fresh
  const correct = question.kind === 'ordering' ? [] : question.correct
  return { ...fresh, choices, correct: kind === 'single' ? correct.slice(0, 1) : correct }
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

/** Things to be ordered: the order in which they are written is the right one. */
export function inOrder(question: Question): Question {
  return { ...question, correct: question.choices.map((choice) => choice.id) }
}

/** What a choice is matched with. */
export function targetOf(question: Question, choice: string): Choice | undefined {
  const id = question.correct.find((pair) => pair.startsWith(`${choice}=`))?.slice(choice.length + 1)
  return question.targets?.find((target) => target.id === id)
}

/** One more pair to match. */
export function addPair(question: Question): Question {
  const choice = newChoice(question.choices)
  const target = newChoice(question.targets ?? [])
  return {
    ...question,
    choices: [...question.choices, choice],
    targets: [...(question.targets ?? []), target],
    correct: [...question.correct, `${choice.id}=${target.id}`],
  }
}

/** Takes a pair away; a target that another choice has too stays. */
export function withoutPair(question: Question, choice: string): Question {
  const target = targetOf(question, choice)?.id
  const correct = question.correct.filter((pair) => !pair.startsWith(`${choice}=`))
  const shared = correct.some((pair) => pair.endsWith(`=${target}`))
  return {
    ...question,
    choices: question.choices.filter((one) => one.id !== choice),
    targets: (question.targets ?? []).filter((one) => shared || one.id !== target),
    correct,
  }
}

/** Targets that nothing is matched with: they lead astray. */
export function strayTargets(question: Question): Choice[] {
  return (question.targets ?? []).filter(
    (target) => !question.correct.some((pair) => pair.endsWith(`=${target.id}`)),
  )
}

/** What people see of a choice, as the server compares them: without regard to white space and to full and half width. */
function read(text: string): string {
  return text
    .replace(/[\uff01-\uffee]+/g, (wide) => wide.normalize('NFKC'))
    .normalize('NFC')
    .trim()
    .replace(/\s+/g, ' ')
}

/** The ids of choices that say what one before them says. */
export function saidTwice(choices: Choice[]): Set<string> {
  const said = new Set<string>()
  const twice = choices.filter(({ text }) => {
    const what = read(text)
    const again = what !== '' && said.has(what)
    said.add(what)
    return again
  })
  return new Set(twice.map(({ id }) => id))
}

/** Changes the text of one of a list. */
export function withText(list: Choice[], id: string, text: string): Choice[] {
  return list.map((one) => (one.id === id ? { ...one, text } : one))
}
