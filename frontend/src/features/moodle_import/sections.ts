import type { MoodleLesson } from './api/imports'

/** Lessons that follow each other in one section; at is the place of the first. */
export interface SectionOfLessons {
  section: string
  at: number
  items: MoodleLesson[]
}

/** Divides lessons where their section changes, in their order. */
export function bySection(lessons: MoodleLesson[]): SectionOfLessons[] {
  const parts: SectionOfLessons[] = []
  lessons.forEach((lesson, at) => {
    const last = parts.at(-1)
    if (last && last.section === lesson.section) last.items.push(lesson)
    else parts.push({ section: lesson.section, at, items: [lesson] })
  })
  return parts
}

/** How many lessons there are of each kind, in the order in which the kinds appear first. */
export function countKinds(lessons: MoodleLesson[]): [MoodleLesson['kind'], number][] {
  const counts = new Map<MoodleLesson['kind'], number>()
  for (const { kind } of lessons) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
}
