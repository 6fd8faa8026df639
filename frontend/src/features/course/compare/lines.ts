import type { Body, Question } from '../api/lessons'

/** What turns a lesson into lines needs to say in the reader's language. */
export interface Words {
  heading: (level: number) => string
  item: string
  picture: (alt: string) => string
  /** A film, recording or PDF within a page. */
  embed: (media: string, title: string) => string
  /** The beginning of a box that stands out. */
  box: (kind: string) => string
  link: (text: string, href: string) => string
  fact: (name: string, value: string) => string
}

/** A lesson as lines of text, for comparing: what a reader would see, one line for each block. */
export function linesOf(title: string, body: Body, say: Words): string[] {
  const lines = [say.fact('title', title)]
  if (body.page) lines.push(...linesOfPage(body.page.html, say))
  else
    for (const member of Object.values(body))
      if (member && typeof member === 'object') lines.push(...linesOfFacts(member, say))
  return lines
}

function linesOfPage(html: string, say: Words): string[] {
  const page = new DOMParser().parseFromString(html, 'text/html').body
  const lines: string[] = []
  const visit = (node: Element) => {
    switch (node.localName) {
      case 'h2':
      case 'h3':
      case 'h4':
        lines.push(`${say.heading(Number(node.localName[1]))}${textOf(node, say)}`)
        return
      case 'p':
        lines.push(textOf(node, say))
        return
      case 'li':
        lines.push(`${say.item}${textOf(node, say)}`)
        return
      case 'tr':
        lines.push(Array.from(node.children, (cell) => textOf(cell, say)).join(' | '))
        return
      case 'img':
        lines.push(say.picture(node.getAttribute('alt') ?? ''))
        return
      case 'figure':
        if (node.hasAttribute('data-media'))
          lines.push(say.embed(node.getAttribute('data-media') ?? '', textOf(node, say)))
        else lines.push(textOf(node, say))
        return
      case 'aside':
        lines.push(say.box(node.getAttribute('data-kind') ?? 'note'))
        for (const child of node.children) visit(child)
        return
      default:
        for (const child of node.children) visit(child)
    }
  }
  for (const child of page.children) visit(child)
  return lines.filter((line) => line.trim() !== '')
}

/** The words of a block; furigana in brackets, pictures and links with what is behind them. */
function textOf(node: Element, say: Words): string {
  return Array.from(node.childNodes, (child) => {
    if (!(child instanceof Element)) return child.textContent ?? ''
    if (child.localName === 'rp') return ''
    if (child.localName === 'rt') return `(${child.textContent ?? ''})`
    if (child.localName === 'br') return ' '
    if (child.localName === 'img') return say.picture(child.getAttribute('alt') ?? '')
    if (child.localName === 'a') return say.link(textOf(child, say), child.getAttribute('href') ?? '')
    return textOf(child, say)
  })
    .join('')
    .replaceAll(/\s+/g, ' ')
}

/** Everything that is set in a lesson that is no page, one line each; questions with their choices. */
function linesOfFacts(member: object, say: Words): string[] {
  return Object.entries(member).flatMap(([name, value]) => {
    if (name === 'questions' && Array.isArray(value)) return (value as Question[]).flatMap(linesOfQuestion)
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
      return []
    return [say.fact(name, typeof value === 'object' ? JSON.stringify(value) : String(value))]
  })
}

function linesOfQuestion(question: Question): string[] {
  const right = new Set(question.correct)
  const target = (id: string) => question.targets?.find((one) => one.id === id)?.text ?? ''
  const pairOf = (id: string) => question.correct.find((pair) => pair.startsWith(`${id}=`))
  const choices =
    question.kind === 'matching'
      ? question.choices.map(
          (choice) => `${choice.text} → ${target(pairOf(choice.id)?.slice(choice.id.length + 1) ?? '')}`,
        )
      : question.choices.map((choice) => `${right.has(choice.id) ? '◎' : '○'} ${choice.text || choice.id}`)
  return [
    `Q. ${question.text}`,
    ...choices,
    ...(question.accepted ?? []),
    ...(question.number ? [`${question.number} ± ${question.tolerance || 0}`] : []),
    ...(question.explanation ? [`→ ${question.explanation}`] : []),
  ]
}
