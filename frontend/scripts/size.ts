// Fails when a learner's first load is heavier than the budget: the entry and what it imports statically, the
// log-in and first page, and the Japanese texts of both. Compressed as the server sends it to old clients (gzip).
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const budget = 200 * 1024
const dist = new URL('../dist/', import.meta.url).pathname

interface Chunk {
  file: string
  src?: string
  isEntry?: boolean
  imports?: string[]
}
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

const learner =
  /^src\/(features\/(auth|home)\/(pages\/(LoginPage|HomePage|LearnerHomePage)\.tsx|locales\/ja\.json)|locales\/ja\.json)$/

const wanted = new Set<string>()
const add = (key: string) => {
  const chunk = manifest[key]
  if (!chunk || wanted.has(key)) return
  wanted.add(key)
  chunk.imports?.forEach(add)
}
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry || learner.test(key)) add(key)

// What scripts/compress.ts made of it, or the file itself where that gained nothing.
const sent = (path: string) => statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size

const rows = [...wanted]
  .map((key) => manifest[key]?.file ?? '')
  .filter((file) => file.endsWith('.js'))
  .map((file) => ({ file, bytes: sent(join(dist, file)) }))
  .sort((a, b) => b.bytes - a.bytes)
for (const row of rows) console.log(`${(row.bytes / 1024).toFixed(1).padStart(8)} KB  ${row.file}`)
const total = rows.reduce((sum, row) => sum + row.bytes, 0)
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KB gzip: a learner's first load (budget ${budget / 1024} KB)`,
)
if (rows.length === 0 || total > budget) process.exit(1)
