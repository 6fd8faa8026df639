// Writes .br and .gz in the place of every text file of dist: the server never compresses while answering, and the binary
// holds no third copy.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const text = /\.(js|css|html|svg|json|mjs|wasm)$/

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  if (!entry.isFile() || !text.test(entry.name) || path.includes('/.vite/')) continue
  const raw = readFileSync(path)
  if (raw.length < 1024) continue
  const brotli = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  const gzip = gzipSync(raw, { level: 9 })
  if (gzip.length >= raw.length) continue
  writeFileSync(`${path}.gz`, gzip)
  if (brotli.length < gzip.length) writeFileSync(`${path}.br`, brotli)
  rmSync(path)
}

// `vite build` empties the folder; the Go embed needs something in it before the first build.
writeFileSync(join(dist, '.gitkeep'), '')
