// Runs axe in a page. The source is evaluated through the debugger, so that the content security policy stays as it is.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Violation {
  id: string
  impact: string | null
  help: string
  /** The first criterion of WCAG that the rule names (1.4.3); "best practice" where it names none. */
  criterion: string
  nodes: string[]
}

interface Axe {
  run: (
    context: Document | Element,
    options: object,
  ) => Promise<{
    violations: {
      id: string
      impact: string | null
      help: string
      tags: string[]
      nodes: { html: string; failureSummary?: string }[]
    }[]
  }>
}

/** Every violation of WCAG 2.2 A and AA and of axe's best practices on what is shown now. */
export async function violations(page: Page): Promise<Violation[]> {
  await page.evaluate(source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    // Behind an open dialog nothing can be reached; what it covers is looked at without it.
    const dialog = [...document.querySelectorAll('[role=dialog][aria-modal=true]')].at(-1)
    const result = await axe.run(dialog ?? document, { runOnly: { type: 'tag', values: tags } })
    return result.violations.map((one) => ({
      id: one.id,
      impact: one.impact,
      help: one.help,
      criterion:
        one.tags.map((tag) => /^wcag(\d)(\d)(\d+)$/.exec(tag)?.slice(1).join('.')).find(Boolean) ??
        'best practice',
      nodes: one.nodes.map((node) => `${node.html.slice(0, 200)}\n      ${node.failureSummary ?? ''}`),
    }))
  })
}
