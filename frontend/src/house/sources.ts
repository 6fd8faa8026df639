import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** One source file of the page. */
export interface Source {
  /** Path from src, with forward slashes. */
  path: string
  text: string
}

const src = join(import.meta.dirname, '..')

/** Every source file below src that matches, tests and the generated schema left out. */
export function sources(pattern: RegExp): Source[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(src, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => pattern.test(path) && !/\.test\.tsx?$|schema\.d\.ts$|^house\/|^test-setup/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }))
}

/** The feature that a path belongs to. */
export function featureOf(path: string): string | undefined {
  return /^features\/([^/]+)\//.exec(path)?.[1]
}
