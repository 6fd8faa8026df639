import ts from 'typescript'
import { featureOf, type Source } from './sources'

/** A text that the code asks for: `person:list.title`, or `person:status_*` when a context completes it. */
export interface Use {
  key: string
  where: string
}

/** What a file asks for, and the places where nobody can tell what it asks for. */
export interface Uses {
  uses: Use[]
  unknown: string[]
}

/** `t(label)` where the label is data: the menu, whose table is read instead; and the sentences for server keys. */
const mayBeData = new Set(['app/shell/Menu.tsx', 'lib/problem-text.ts'])

/** Reads the calls of `t`, the `i18nKey` of Trans and the labels of the menu out of one file. */
export function usesOf({ path, text }: Source): Uses {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const result: Uses = { uses: [], unknown: [] }
  const namespace = namespaceOf(file) ?? featureOf(path) ?? 'common'
  const full = (key: string) => (key.includes(':') ? key : `${namespace}:${key}`)

  const take = (node: ts.Expression, suffix: string) => {
    if (ts.isStringLiteralLike(node)) result.uses.push({ key: full(node.text) + suffix, where: path })
    else if (ts.isConditionalExpression(node)) {
      take(node.whenTrue, suffix)
      take(node.whenFalse, suffix)
    } else if (ts.isParenthesizedExpression(node)) take(node.expression, suffix)
    else if (!mayBeData.has(path)) result.unknown.push(`${path}: ${node.getText(file)}`)
  }

  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && isT(node.expression) && node.arguments[0]) {
      take(node.arguments[0], hasContext(node.arguments[1]) ? '_*' : '')
    }
    if (ts.isJsxAttribute(node) && node.name.getText(file) === 'i18nKey' && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) take(node.initializer, '')
      else if (ts.isJsxExpression(node.initializer) && node.initializer.expression)
        take(node.initializer.expression, '')
    }
    if (
      (path === 'app/navigation.ts' || path === 'app/menu.ts') &&
      ts.isPropertyAssignment(node) &&
      node.name.getText(file) === 'label'
    ) {
      take(node.initializer, '')
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return result
}

function isT(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 't'
  return (
    ts.isPropertyAccessExpression(node) && node.name.text === 't' && /i18n/.test(node.expression.getText())
  )
}

function hasContext(node: ts.Expression | undefined): boolean {
  return (
    node !== undefined &&
    ts.isObjectLiteralExpression(node) &&
    node.properties.some((one) => one.name?.getText() === 'context')
  )
}

/** The namespace of `useTranslation('person')`. One file speaks one namespace; shared words are `common:…`. */
function namespaceOf(file: ts.SourceFile): string | undefined {
  return /useTranslation\(\s*['"]([^'"]+)['"]/.exec(file.text)?.[1]
}

/** All keys of a locale file, flat: `list.title`. */
export function flatten(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? flatten(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  )
}

/** `count_other` counts as `count`: plural forms belong to one text. */
export function withoutPlural(key: string): string {
  return key.replace(/_(zero|one|two|few|many|other)$/, '')
}

/** True when a written text is asked for. */
export function isUsed(key: string, asked: ReadonlySet<string>): boolean {
  if (asked.has(key) || asked.has(withoutPlural(key))) return true
  const parts = withoutPlural(key).split('_')
  return parts.some((_, index) => index > 0 && asked.has(`${parts.slice(0, index).join('_')}_*`))
}

/** The keys in `check.If(bad, path, "key", …)` and `check.Add(path, "key", …)` of a Go file. */
export function checkKeys(go: string): string[] {
  return [...go.matchAll(/\b(?:check|c|faults)\.(If|Add)\(/g)].flatMap((call) => {
    const wanted = argumentsAt(go, call.index + call[0].length)[call[1] === 'If' ? 2 : 1] ?? ''
    return /^"([a-z0-9_.]+)"$/.exec(wanted)?.[1] ?? []
  })
}

/** The arguments of a Go call, from behind its bracket on. */
function argumentsAt(go: string, from: number): string[] {
  const found: string[] = []
  let depth = 0
  let start = from
  for (const { 0: token, index } of go.slice(from).matchAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|[([{}\]),]/g)) {
    const at = from + index
    if ('([{'.includes(token)) depth++
    else if (')]}'.includes(token)) depth--
    if (depth < 0 || (token === ',' && depth === 0)) {
      found.push(go.slice(start, at).trim())
      start = at + 1
    }
    if (depth < 0) break
  }
  return found
}
