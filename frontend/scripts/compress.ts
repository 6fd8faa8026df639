// Writes .br and .gz beside every text file of dist, so that the server never compresses while answering.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const text = /\.(js|css|html|svg|json|mjs|wasm)$/

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !text.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const raw = readFileSync(path)
  if (raw.length < 1024) continue
  const brotli = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  const gzip = gzipSync(raw, { level: 9 })
  if (brotli.length < raw.length) writeFileSync(`${path}.br`, brotli)
  if (gzip.length < raw.length) writeFileSync(`${path}.gz`, gzip)
}

rmSync(join(dist, '.vite', 'manifest.json.br'), { force: true })
rmSync(join(dist, '.vite', 'manifest.json.gz'), { force: true })
// `vite build` empties the folder; the Go embed needs something in it before the first build.
writeFileSync(join(dist, '.gitkeep'), '')
