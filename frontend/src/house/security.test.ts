// @vitest-environment node
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sources } from './sources'

const code = sources(/\.tsx?$/).map(({ path, text }) => ({
  path,
  file: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX),
}))

/** Every node of the page's source, with a name for the place. */
function* nodes(): Generator<{ place: string; node: ts.Node }> {
  for (const { path, file } of code) {
    const below: ts.Node[] = [file]
    for (let node = below.pop(); node; node = below.pop()) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      yield { place: `${path}:${line + 1}`, node }
      node.forEachChild((child) => void below.push(child))
    }
  }
}

const all = [...nodes()]

/** The attributes of an element as they are written. */
function attributes(element: ts.JsxOpeningLikeElement): Map<string, string> {
  const written = element.attributes.properties.filter(ts.isJsxAttribute)
  return new Map(written.map((one) => [one.name.getText(), one.initializer?.getText() ?? '']))
}

const elements = all.flatMap(({ place, node }) =>
  ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)
    ? [{ place, name: node.tagName.getText(), has: attributes(node) }]
    : [],
)

/**
 * Says why a regular expression may take for ever on a text made for that: something unbounded, or a choice, is repeated without bound. Then the same characters can
 * be read in more ways than one, and every further one doubles them.
 */
function explodes(pattern: string): boolean {
  const open: { risky: boolean }[] = [{ risky: false }]
  const text = pattern.replaceAll(/\\[\s\S]/g, '_').replaceAll(/\[[^\]]*\]/g, '_')
  for (let at = 0; at < text.length; at++) {
    const here = open.at(-1)
    if (!here) return true
    if (text[at] === '(') open.push({ risky: false })
    else if (text[at] === '|') here.risky = true
    else {
      const closed = text[at] === ')' ? open.pop() : undefined
      const outer = open.at(-1)
      if (closed && /^(?:[*+]|\{\d+,\})/.test(text.slice(at + 1))) {
        if (closed.risky) return true
        if (outer) outer.risky = true
      } else if (closed?.risky && outer && text[at + 1] !== '?') outer.risky ||= closed.risky
      else if (/^(?:[*+]|\{\d+,\})/.test(text.slice(at))) here.risky = true
    }
  }
  return false
}

describe('fields for passwords', () => {
  it('hide what is typed and say what they are for, so that a password manager can fill them', () => {
    const fields = elements.filter(({ name }) => name === 'PasswordInput')
    expect(fields.length).toBeGreaterThan(3)
    expect(
      fields.filter(({ has }) => !/^"(current|new)-password"$/.test(has.get('autoComplete') ?? '')),
    ).toEqual([])
  })

  it('are no other kind of field', () => {
    const others = elements.filter(({ name }) => name !== 'PasswordInput')
    const wanting = (has: Map<string, string>) =>
      `${has.get('type')} ${has.get('autoComplete')} ${has.get('name')} ${has.get('label')}`
    expect(others.filter(({ has }) => /password['"]/i.test(wanting(has))).map(({ place }) => place)).toEqual(
      [],
    )
  })

  it('take what is pasted: nothing listens to it', () => {
    const hearing = all.filter(({ node }) =>
      /^(onPaste|onBeforeInput|['"](paste|beforeinput)['"])$/.test(
        ts.isIdentifier(node) || ts.isStringLiteral(node) ? node.getText() : '',
      ),
    )
    expect(hearing.map(({ place }) => place)).toEqual([])
  })
})

/** Members set by a number, or by a name out of a list that stands beside it. */
const setByKnownNames = [
  'features/course/compare/diff.ts length[i * wide + j]',
  'features/department/components/StepList.tsx list[a]',
  'features/department/components/StepList.tsx list[b]',
  'features/operation/api/work.ts work[one.state]',
  'lib/package-bridge.ts score[name]',
  'package-player/reports.ts out[name]',
]

const isAssignment = (kind: ts.SyntaxKind) =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment

describe('objects', () => {
  it('are not made out of names that somebody else chose', () => {
    const found = all.flatMap(({ place, node }) => {
      const polluting =
        ts.isForInStatement(node) ||
        (ts.isIdentifier(node) && ['__proto__', 'setPrototypeOf'].includes(node.text))
      if (polluting) return [`${place} ${node.getText().slice(0, 60)}`]
      if (!ts.isBinaryExpression(node) || !isAssignment(node.operatorToken.kind)) return []
      const member = node.left
      if (!ts.isElementAccessExpression(member)) return []
      const { argumentExpression: name } = member
      if (ts.isStringLiteral(name) || ts.isNumericLiteral(name)) return []
      return [`${place.replace(/:\d+$/, '')} ${member.getText()}`]
    })
    expect(found.sort()).toEqual(setByKnownNames)
  })
})

describe('regular expressions', () => {
  it('end soon whatever they read', () => {
    expect(['(a+)+', '(a|aa)*b', '(x*y?)+', '((a+)b?)*'].filter((one) => !explodes(one))).toEqual([])
    expect(['^[a-z]+$', '(?:ab)+', 'a|b', '(a|b)c', '[(+)]*'].filter(explodes)).toEqual([])
    const found = all.filter(
      ({ node }) =>
        ts.isRegularExpressionLiteral(node) && explodes(node.text.slice(1, node.text.lastIndexOf('/'))),
    )
    expect(found.map(({ place, node }) => `${place} ${node.getText()}`)).toEqual([])
  })

  it('are constants', () => {
    const made = all.filter(({ node }) => ts.isNewExpression(node) && node.expression.getText() === 'RegExp')
    expect(made.map(({ place, node }) => `${place} ${node.getText()}`)).toEqual([])
  })
})
