// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** The product's Go files, in which actions of the log are named. */
const files = ['tenant', 'content', 'lms', 'server'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
)

/** Where the second half of an action is a variable: how its values are written. A new such place fails until it is here. */
const verbs: Record<string, RegExp> = {
  department: /\bnote\("([a-z_]+)", map\[string\]any\{"(?:name|path|from)/g,
  department_plan: /\b(?:planChange\(|setPlan\(ctx, tid, tx, p, Plan\w+, )"([a-z_]+)"/g,
  enrolment: /\b(?:Exempt|Withdrawn) +Status = "([a-z]+)"/g,
  factor: /\bf\.change\(ctx, tid, p, "([a-z_]+)"/g,
  handover: /\bHandover(?:Accepted|Declined|Cancelled): "([a-z]+)"/g,
  incident: /\bIncident(?:Closed|Open): "([a-z]+)"/g,
}

/** A line of Go that records something, or that says what is to be recorded. */
const recording = /\b[aA]ction\b|Actions\b|\b(?:noted?|record|change|changeRules)\(/

const lines = files.flatMap((go) => go.split('\n').filter((line) => recording.test(line)))
const prefixes = [
  ...new Set(lines.flatMap((line) => [...line.matchAll(/"([a-z_]+)\." *\+/g)].map(([, name = '']) => name))),
].sort()

const written = lines.flatMap((line) =>
  [...line.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, name = '']) => name),
)
const composed = prefixes.flatMap((prefix) =>
  files.flatMap((go) => [...go.matchAll(verbs[prefix] ?? /$^/g)].map(([, verb]) => `${prefix}.${verb}`)),
)
const actions = [...new Set([...written, ...composed])].sort()

function sentences(language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, `frontend/src/features/audit/locales/${language}.json`), 'utf8'))
}
const japanese = sentences('ja')
const english = sentences('en')

describe('what the log records', () => {
  it('is known where the name of an action is put together', () => {
    expect(prefixes).toEqual(Object.keys(verbs).sort())
  })

  it.each(actions)('%s has a sentence in both languages', (action) => {
    const key = `does_${action.replaceAll('.', '_')}`
    expect([japanese[key], english[key]]).toEqual([expect.any(String), expect.any(String)])
  })

  it('has no sentence for what nobody records', () => {
    const recorded = new Set(actions.map((action) => `does_${action.replaceAll('.', '_')}`))
    const idle = Object.keys(japanese).filter((key) => key.startsWith('does_') && !recorded.has(key))
    expect(idle).toEqual([])
  })
})
